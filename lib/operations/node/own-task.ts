import { nodeRun } from '../../model/broker/node-run.ts';
import type { KafkaAdmin } from '../../ports/kafka-admin.ts';
import { isWaitedForInVain } from './cut-off.ts';
import { hostOutOfTouch } from './host-out-of-touch.ts';
import { judgeCanary } from './judge-canary.ts';
import { type HeldNode, type NodeStepPorts, type NodeStepRequest, type StepResult, withHeldNode } from './node-step.ts';

/**
 * Waits for Kafka with a node whose process was started: such a wait ends when the node's own task has stopped, and the
 * machine goes back to its start; when it does not find the controllers, which have moved, and it goes back to its stop; or
 * when the node is a canary that has failed.
 */
export function withOwnTask(
  ports: NodeStepPorts & { readonly kafka: KafkaAdmin },
  request: NodeStepRequest,
  act: (node: HeldNode) => Promise<StepResult>,
): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const stopped = ownTaskStopped(node);
    if (stopped !== undefined) return stopped;
    const result = (await isWaitedForInVain(ports, node)) ?? (await act(node));
    if (!isBehind(result)) return result;
    return (await judgeCanary(ports, request, node)) ?? (await orOutOfTouch(ports, node, result));
  });
}

/** Nobody would hear of the end of a process there. */
async function orOutOfTouch(ports: NodeStepPorts, { state, goal }: HeldNode, result: StepResult): Promise<StepResult> {
  const reason = await hostOutOfTouch(ports, state, goal.nodeId);
  return reason === undefined ? result : { type: 'not ready', reason };
}

function ownTaskStopped(node: HeldNode): StepResult | undefined {
  const run = nodeRun(node.state, node.goal);
  if (run.type !== 'seen' || run.seen?.lastStatus !== 'STOPPED') return undefined;
  return { type: 'failed', error: 'TaskStopped', cause: run.seen.stoppedReason ?? 'the task stopped' };
}

/** A node that soaks is in sync, and of one whose record changed meanwhile nothing is known. */
function isBehind(result: StepResult): boolean {
  return result.type === 'not ready' && result.reason.type !== 'soak' && result.reason.type !== 'turn';
}
