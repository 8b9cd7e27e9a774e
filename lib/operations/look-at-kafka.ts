import { lifeByKafka } from '../model/hosts/node-life.ts';
import type { NodeWitness } from '../model/hosts/records.ts';
import { nodesOnSilentHosts } from '../model/hosts/silent-host.ts';
import type { ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { KafkaAdmin } from '../ports/kafka-admin.ts';
import type { Store } from '../ports/store.ts';
import { kafkaAddresses } from './node/kafka-addresses.ts';

/**
 * Writes down which nodes on hosts that are out of touch live, as the rest of their service sees them: ECS shows their
 * tasks as running for ever. Asks only while there are such nodes. Idempotent: each sweep asks anew.
 */
export async function lookAtKafka(
  ports: { readonly store: Store; readonly kafka: KafkaAdmin; readonly clock: Clock },
  service: string,
): Promise<void> {
  const state = await ports.store.readService(service);
  if (state === undefined) return;
  // Before Kafka is asked: an answer is not older than it says.
  const askedAt = ports.clock();
  const goals = nodesOnSilentHosts(state, askedAt);
  if (goals.length === 0) return;
  const { brokers, controllers } = await kafkaAddresses(ports, state);
  const [cluster, quorum] = await Promise.all([
    unlessSilent(ports.kafka.describeCluster(brokers)),
    unlessSilent(ports.kafka.describeQuorum(controllers)),
  ]);
  const answers = { cluster, quorum: quorum?.type === 'led' ? quorum : undefined };
  const nodes = goals.map(({ nodeId }) =>
    asBefore(state, { nodeId, life: lifeByKafka(state.target, nodeId, answers), since: askedAt }),
  );
  await ports.store.putWitness({ service, askedAt, nodes });
}

/** One that was found so before has been so since. */
function asBefore({ witness }: ServiceState, node: NodeWitness): NodeWitness {
  const before = witness?.nodes.find(({ nodeId }) => nodeId === node.nodeId);
  return before?.life === node.life ? before : node;
}

/** Undefined: nobody answered. */
async function unlessSilent<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && 'retriable' in error && error.retriable === true) return undefined;
    throw error;
  }
}
