import type { NodeId } from '../node.ts';
import type { NodeGoal, ServiceState, TaskSeen } from '../state.ts';
import { goneHostOf } from './gone-host.ts';
import { stoppedHostOf } from './stopped-host.ts';

/** What is known of the newest try to run a node. */
export type NodeRun =
  | { readonly type: 'never started' }
  /** The request is stored, the answer is not: it may or may not run. */
  | { readonly type: 'requested' }
  | { readonly type: 'seen'; readonly taskArn: string; readonly seen?: TaskSeen };

/**
 * Only the record of the task that RunTask named drives the node. The number of the try would not do: an earlier
 * service of the same name counted its tries alike, and events of its tasks can come long after its end. A task whose host is
 * gone has ended with it, also one that ECS shows as running for ever, and so has one that ran when EC2 stopped its host.
 */
export function nodeRun(state: ServiceState, goal: NodeGoal): NodeRun {
  if (goal.launch === undefined || goal.launch.refused === true) return { type: 'never started' };
  const { taskArn } = goal.launch;
  const goneHost = goneHostOf(state, goal.launch);
  // Nothing is started on a host that is gone, so what was asked for did not start, or has ended.
  if (taskArn === undefined) return { type: goneHost === undefined ? 'requested' : 'never started' };
  const seen = state.seen.find((candidate) => candidate.taskArn === taskArn);
  if (goneHost !== undefined) return { type: 'seen', taskArn, seen: endedWithHost(goal, seen, { taskArn, goneHost }) };
  const stoppedHost = stoppedHostOf(state, taskArn);
  if (seen !== undefined && stoppedHost !== undefined) {
    const ended = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED', endedWith: stoppedHost };
    return { type: 'seen', taskArn, seen: { ...seen, ...ended, hostWas: 'stopped' } };
  }
  return seen === undefined ? { type: 'seen', taskArn } : { type: 'seen', taskArn, seen };
}

function endedWithHost(
  { service, nodeId, attempt }: NodeGoal,
  seen: TaskSeen | undefined,
  { taskArn, goneHost }: { readonly taskArn: string; readonly goneHost: string },
): TaskSeen {
  const known = seen ?? { service, nodeId, taskArn, attempt, purpose: 'node' as const, version: 0 };
  return { ...known, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', endedWith: goneHost };
}

/** Whether the node's newest task is known to have stopped. */
export function hasStopped(state: ServiceState, goal: NodeGoal): boolean {
  const run = nodeRun(state, goal);
  return run.type === 'seen' && run.seen?.lastStatus === 'STOPPED';
}

/** Whether the node's newest task lives, and ECS is stopping it: whoever asked for that, it ends. */
export function isStopping(state: ServiceState, goal: NodeGoal): boolean {
  const run = nodeRun(state, goal);
  return run.type === 'seen' && run.seen?.desiredStatus === 'STOPPED' && run.seen.lastStatus !== 'STOPPED';
}

/**
 * Whether the node was to run, and no task of it is known to live: the newest one has stopped, was refused, or was asked
 * for by somebody who did not come to store the answer.
 */
export function hasNoTask(state: ServiceState, goal: NodeGoal): boolean {
  return goal.attempt > 0 && (nodeRun(state, goal).type !== 'seen' || hasStopped(state, goal));
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

/** It ran before, and was not seen running by its newest task. */
export function isDown(state: ServiceState, nodeId: NodeId): boolean {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  return goal !== undefined && goal.attempt > 0 && !runningNodeIds(state).includes(nodeId);
}
