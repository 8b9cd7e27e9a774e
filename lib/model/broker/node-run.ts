import type { NodeId } from '../node.ts';
import type { NodeGoal, ServiceState, TaskSeen } from '../state.ts';

/** What is known of the newest try to run a node. */
export type NodeRun =
  | { readonly type: 'never started' }
  /** The request is stored, the answer is not: it may or may not run. */
  | { readonly type: 'requested' }
  | { readonly type: 'seen'; readonly taskArn: string; readonly seen?: TaskSeen };

/** Only the record of the goal's own attempt drives the node: older and foreign tasks are not looked at. */
export function nodeRun(state: ServiceState, goal: NodeGoal): NodeRun {
  if (goal.launch === undefined) return { type: 'never started' };
  const ofAttempt = state.seen.find(
    (seen) => seen.nodeId === goal.nodeId && seen.purpose === 'node' && seen.attempt === goal.attempt,
  );
  const taskArn = goal.launch.taskArn ?? ofAttempt?.taskArn;
  if (taskArn === undefined) return { type: 'requested' };
  return ofAttempt === undefined ? { type: 'seen', taskArn } : { type: 'seen', taskArn, seen: ofAttempt };
}

/** Whether the node's newest task is known to have stopped. */
export function hasStopped(state: ServiceState, goal: NodeGoal): boolean {
  const run = nodeRun(state, goal);
  return run.type === 'seen' && run.seen?.lastStatus === 'STOPPED';
}

/** Ids of the nodes whose newest task was seen RUNNING. */
export function runningNodeIds(state: ServiceState): readonly NodeId[] {
  return state.goals
    .filter((goal) => {
      const run = nodeRun(state, goal);
      return run.type === 'seen' && run.seen?.lastStatus === 'RUNNING';
    })
    .map((goal) => goal.nodeId);
}
