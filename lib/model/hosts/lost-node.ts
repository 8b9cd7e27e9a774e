import { nodeRun } from '../broker/node-run.ts';
import type { NodeId } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import type { NodeWitness } from './records.ts';
import { silentHostOf } from './silent-host.ts';

/** What Kafka has said of a node since its host fell silent; undefined: it was not asked, or the host is in touch. */
export function witnessOf(state: ServiceState, nodeId: NodeId, now: number): NodeWitness | undefined {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const host = goal && silentHostOf(state, goal, now);
  const { witness } = state;
  if (host === undefined || witness === undefined || witness.askedAt < host.silentSince) return undefined;
  return witness.nodes.find((node) => node.nodeId === nodeId);
}

/**
 * Whether a node is dead by Kafka's witness while ECS shows its task for ever, because nobody there tells of its end. The end
 * is not proven: nothing of the node moves before the host is back or EC2 has ended it.
 */
export function isLostWithHost(state: ServiceState, goal: NodeGoal, now: number): boolean {
  const run = nodeRun(state, goal);
  if (run.type !== 'seen' || run.seen?.lastStatus === 'STOPPED') return false;
  return witnessOf(state, goal.nodeId, now)?.life === 'dead';
}
