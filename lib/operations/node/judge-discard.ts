import {
  brokerDiscardRefusal,
  controllerDiscardRefusal,
  type DiscardRefusal,
} from '../../model/broker/discard-refusal.ts';
import { votersSoughtElsewhere } from '../../model/broker/voters-sought-elsewhere.ts';
import { isBroker, isController, type NodeId } from '../../model/node.ts';
import type { NodeReplacement } from '../../model/node-wish.ts';
import type { ServiceState } from '../../model/state.ts';
import type { KafkaAdmin } from '../../ports/kafka-admin.ts';
import type { ServiceAddresses } from './kafka-addresses.ts';
import { livingBrokers } from './living-brokers.ts';

interface Discard {
  readonly state: ServiceState;
  readonly addresses: ServiceAddresses;
  readonly nodeId: NodeId;
  readonly asked: NodeReplacement;
  /** The end of its process is proven. */
  readonly isDown: boolean;
}

/**
 * Asks Kafka why a node must not give up its volume; undefined: it may. `force` spares the question about partitions, never
 * that about the quorum: a cluster that has lost the majority of its metadata is lost as a whole.
 */
export async function judgeDiscard(kafka: KafkaAdmin, discard: Discard): Promise<DiscardRefusal | undefined> {
  const { state, nodeId, asked } = discard;
  const refusal = isController(state.target, nodeId) ? await judgeController(kafka, discard) : undefined;
  if (refusal !== undefined || asked.force || !isBroker(state.target, nodeId)) return refusal;
  return judgeBroker(kafka, discard);
}

async function judgeController(
  kafka: KafkaAdmin,
  { state, addresses, nodeId, isDown }: Discard,
): Promise<DiscardRefusal | undefined> {
  const quorum = await kafka.describeQuorum(addresses.controllers);
  if (quorum.type === 'no leader') return { type: 'quorum', detail: 'the controllers have no leader' };
  const { port } = addresses.config.options.controllers;
  const soughtElsewhere = votersSoughtElsewhere(state, quorum, port);
  return controllerDiscardRefusal(quorum, { nodeId, isDown, soughtElsewhere });
}

/**
 * By the brokers beside it, before its stop as after it: what it alone says of itself would be unknown as soon as it is down,
 * and it would be stopped in vain again and again. Alone it only tells what it holds.
 */
async function judgeBroker(kafka: KafkaAdmin, discard: Discard): Promise<DiscardRefusal | undefined> {
  const { state, addresses, nodeId, isDown } = discard;
  const own = state.goals.find((goal) => goal.nodeId === nodeId)?.host?.address;
  const living = await livingBrokers(kafka, addresses.brokers);
  const others = living.filter(({ host }) => host !== own);
  const witnesses = others.length > 0 || isDown ? others : living;
  if (witnesses.length === 0) return noWitness;
  const { brokers } = await kafka.describeCluster(witnesses);
  const liveIds = brokers.filter(({ fenced, settled }) => settled && !fenced).map(({ id }) => id);
  const refusal = brokerDiscardRefusal(await kafka.listPartitions(witnesses), { nodeId, liveIds, isDown });
  return refusal ?? (others.length === 0 ? noWitness : undefined);
}

const noWitness: DiscardRefusal = {
  type: 'no witness',
  detail: 'no other broker answers that could tell whether others have what is on it',
};
