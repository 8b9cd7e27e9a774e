import type { NodeId } from '../node.ts';
import type { NodeGoal, ServiceState, TaskSeen } from '../state.ts';

/** What is known of the newest try to run a node. */
export type NodeRun =
  | { readonly type: 'never started' }
  /** The request is stored, the answer is not: it may or may not run. */
  | { readonly type: 'requested' }
  | { readonly type: 'seen'; readonly taskArn: string; readonly seen?: TaskSeen };

/**
 * Only the record of the task that RunTask named drives the node. The number of the try would not do: an earlier
 * service of the same name counted its tries alike, and events of its tasks can come long after its end.
 */
export function nodeRun(state: ServiceState, goal: NodeGoal): NodeRun {
  if (goal.launch === undefined || goal.launch.refused === true) return { type: 'never started' };
  const { taskArn } = goal.launch;
  if (taskArn === undefined) return { type: 'requested' };
  const seen = state.seen.find((candidate) => candidate.taskArn === taskArn);
  return seen === undefined ? { type: 'seen', taskArn } : { type: 'seen', taskArn, seen };
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
