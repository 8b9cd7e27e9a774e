import { createKafkaAdmin } from '../../lib/kafka/kafka-admin.ts';
import { partitionsOf } from '../../lib/model/broker/partition-state.ts';
import { hasCaughtUp, hasFetchedSince, observedDirectory } from '../../lib/model/broker/quorum-state.ts';
import type { KafkaAddress } from '../../lib/ports/kafka-admin.ts';
import type { BareNode } from './bare-node.ts';

/** Warden's own admin: both sides ask Kafka the same questions in the same way. */
export const kafka = createKafkaAdmin({ clientId: 'bench' });

/** A node as far as its readiness is asked for. */
export type ReadyNode = Pick<BareNode, 'nodeId' | 'address' | 'port'>;

const lookEveryMs = 20;
const patienceMs = 300_000;

/** Looks until the answer is yes; errors that Kafka calls passing are a no. @throws Error that names what did not come */
export async function untilReady(
  what: string,
  nodes: readonly BareNode[],
  look: () => Promise<boolean>,
): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!(await lookOnce(look))) {
    for (const node of nodes) node.assertRuns();
    if (performance.now() > end) throw new Error(`not within ${patienceMs / 1000} s: ${what}`);
    await new Promise((done) => setTimeout(done, lookEveryMs));
  }
}

async function lookOnce(look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Error && 'retriable' in error && error.retriable === true) return false;
    throw error;
  }
}

/** The rule of Warden's Await in sync: it answers, is registered and unfenced, and in the ISR of all its partitions. */
export async function brokerIsInSync(node: ReadyNode, brokers: readonly KafkaAddress[]): Promise<boolean> {
  if ((await kafka.apiAnswers(addressOf(node))).type !== 'answers') return false;
  const cluster = await kafka.describeCluster(brokers);
  const registered = cluster.brokers.find(({ id }) => id === node.nodeId);
  if (registered === undefined || registered.fenced || !registered.settled) return false;
  const partitions = partitionsOf(await kafka.listPartitions(brokers), node.nodeId);
  return partitions.every(({ isr }) => isr.includes(node.nodeId));
}

/** The rule of Warden's Join quorum: the first controller leads a quorum of itself, the others are made voters. */
export async function controllerHasJoined(node: BareNode, controllers: readonly KafkaAddress[]): Promise<boolean> {
  const quorum = await kafka.describeQuorum(controllers);
  if (quorum.type === 'no leader') return false;
  if (quorum.voters.some(({ id }) => id === node.nodeId)) return true;
  const directoryId = observedDirectory(quorum, node.nodeId);
  if (directoryId === undefined) return false;
  const listeners = [{ name: 'CONTROLLER', host: node.address, port: node.port }];
  const result = await kafka.addVoter(controllers, { id: node.nodeId, directoryId, listeners });
  return result.type === 'added' || result.type === 'already voter';
}

/** The rule of Warden's Await in sync for a controller: a voter that has fetched since its start and has caught up. */
export async function controllerIsInSync(node: BareNode, controllers: readonly KafkaAddress[]): Promise<boolean> {
  if ((await kafka.apiAnswers(addressOf(node))).type !== 'answers') return false;
  const quorum = await kafka.describeQuorum(controllers);
  if (quorum.type === 'no leader' || !hasFetchedSince(quorum, node.nodeId, node.startedAt)) return false;
  return hasCaughtUp(quorum, node.nodeId);
}

export function addressOf({ address, port }: ReadyNode): KafkaAddress {
  return { host: address, port };
}
