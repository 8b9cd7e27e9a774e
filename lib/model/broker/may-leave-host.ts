import type { NodeGoal, ServiceState, TaskLaunch } from '../state.ts';
import { isGone, launchedOn } from './gone-host.ts';
import { mayStillRun } from './may-still-run.ts';
import { taskEnd } from './proven-stop.ts';
import { stoppedHostOf } from './stopped-host.ts';

/**
 * Whether nothing of a node is at work on its host any more, so that its volume can be taken from there: the host is gone,
 * or the end of its newest task, and of the task that prepared its volume there, is proven.
 */
export function mayLeaveHost(state: ServiceState, goal: NodeGoal): boolean {
  const { host, preparation } = goal;
  if (host === undefined || isGone(state, host.instanceId)) return true;
  if (mayStillRun(state, goal)) return false;
  return preparation === undefined || isOver(state, preparation, host.instanceId);
}

function isOver(state: ServiceState, preparation: TaskLaunch, instanceId: string): boolean {
  if (preparation.refused === true || launchedOn(preparation) !== instanceId) return true;
  const { taskArn: ownArn } = preparation;
  if (ownArn !== undefined && stoppedHostOf(state, ownArn) !== undefined) return true;
  const seen = state.seen.find(({ taskArn }) => taskArn === ownArn);
  return seen !== undefined && taskEnd(seen, state).type === 'proven';
}
