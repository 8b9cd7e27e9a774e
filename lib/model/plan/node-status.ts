import { nodeRun } from '../broker/node-run.ts';
import type { NodeId } from '../node.ts';
import type { NodeWait, ServiceState } from '../state.ts';
import type { StepStatus } from './status.ts';

/**
 * PENDING → PREPARED (host and volume are decided) → STARTING (a task is asked for) → STARTED (it runs, and is not in
 * sync yet). DELAYED while a new try waits for its time, or while what blocks it is an error; ERROR when no try follows.
 */
export function nodeStatus(
  state: ServiceState,
  nodeId: NodeId,
  wait: Pick<NodeWait, 'reason'> | undefined,
): StepStatus {
  if (wait?.reason.type === 'deactivated') return 'ERROR';
  if (wait?.reason.type === 'failover delay' || wait?.reason.type === 'error') return 'DELAYED';
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal?.host === undefined || goal.volume === undefined) return 'PENDING';
  const run = nodeRun(state, goal);
  switch (run.type) {
    case 'never started':
      return 'PREPARED';
    case 'requested':
      return 'STARTING';
    case 'seen':
      return taskStatus(run.seen?.lastStatus, run.seen?.desiredStatus);
  }
}

/** A task that ends, or has ended, is about to be replaced by the next try. */
function taskStatus(lastStatus: string | undefined, desiredStatus: string | undefined): StepStatus {
  if (desiredStatus === 'STOPPED') return 'PREPARED';
  return lastStatus === 'RUNNING' ? 'STARTED' : 'STARTING';
}
