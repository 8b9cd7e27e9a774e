import { nodeRun } from '../../model/broker/node-run.ts';
import type { HeldNode, StepResult } from './node-step.ts';

/** A wait for Kafka ends when the node's own task has stopped: the machine goes back to its start. */
export function ownTaskStopped(node: HeldNode): StepResult | undefined {
  const run = nodeRun(node.state, node.goal);
  if (run.type !== 'seen' || run.seen?.lastStatus !== 'STOPPED') return undefined;
  return { type: 'failed', error: 'TaskStopped', cause: run.seen.stoppedReason ?? 'the task stopped' };
}
