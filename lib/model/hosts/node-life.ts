import { isBroker, isController, type NodeId } from '../node.ts';
import type { ServiceTarget } from '../state.ts';
import type { NodeLife } from './life.ts';

/** The brokers as those that answered list them. */
interface ListedBrokers {
  readonly brokers: readonly { readonly id: number; readonly fenced: boolean; readonly settled: boolean }[];
}

/** The voters and observers as the quorum's leader sees them; -1 = unknown. Epoch milliseconds by the leader's clock. */
interface LedQuorum {
  readonly leaderId: NodeId;
  readonly voters: readonly { readonly id: NodeId; readonly lastFetchTimestamp: number }[];
  readonly observers: readonly { readonly id: NodeId; readonly lastFetchTimestamp: number }[];
}

/** Many times controller.quorum.fetch.timeout.ms (2 s): by then a follower that lives has asked again. */
const fetchesWithinMs = 15_000;

/** What Kafka was asked; undefined: nobody answered, or no controller leads. */
export interface KafkaAnswers {
  readonly cluster: ListedBrokers | undefined;
  readonly quorum: LedQuorum | undefined;
}

/** A combined node is dead as both, and lives as either. */
export function lifeByKafka(
  target: Pick<ServiceTarget, 'brokerIds' | 'controllerIds'>,
  nodeId: NodeId,
  { cluster, quorum }: KafkaAnswers,
): NodeLife {
  const lives = [
    ...(isBroker(target, nodeId) ? [lifeOfBroker(cluster, nodeId)] : []),
    ...(isController(target, nodeId) ? [lifeOfController(quorum, nodeId)] : []),
  ];
  if (lives.includes('alive')) return 'alive';
  return lives.length > 0 && lives.every((life) => life === 'dead') ? 'dead' : 'unknown';
}

/** The controllers fence a broker, or unregister it, when it has not been heard of for its session. */
function lifeOfBroker(cluster: ListedBrokers | undefined, nodeId: NodeId): NodeLife {
  if (cluster === undefined) return 'unknown';
  const broker = cluster.brokers.find(({ id }) => id === nodeId);
  if (broker === undefined) return 'dead';
  if (!broker.settled) return 'unknown';
  return broker.fenced ? 'dead' : 'alive';
}

/** The leader's own entry tells its clock. One that the leader never heard of may be about to join. */
function lifeOfController(quorum: LedQuorum | undefined, nodeId: NodeId): NodeLife {
  if (quorum === undefined) return 'unknown';
  if (quorum.leaderId === nodeId) return 'alive';
  const all = [...quorum.voters, ...quorum.observers];
  const newest = (of: typeof all) => Math.max(-1, ...of.map(({ lastFetchTimestamp }) => lastFetchTimestamp));
  const fetched = newest(all.filter(({ id }) => id === nodeId));
  const now = newest(all.filter(({ id }) => id === quorum.leaderId));
  if (fetched < 0 || now < 0) return 'unknown';
  return now - fetched > fetchesWithinMs ? 'dead' : 'alive';
}
