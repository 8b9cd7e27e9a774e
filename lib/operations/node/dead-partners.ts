import { type PartitionState, partitionsOf } from '../../model/broker/partition-state.ts';
import type { NodeId } from '../../model/node.ts';
import type { ServiceState } from '../../model/state.ts';
import type { KafkaAddress, KafkaAdmin } from '../../ports/kafka-admin.ts';
import { livingBrokers } from './living-brokers.ts';

/**
 * The brokers that share partitions with this one, and do not answer although Kafka counts them in: for a session (9 s) it
 * believes in a broker that has just died, and the event of its end may be late or lost. `silent`: the brokers that were just
 * asked in vain; they get another, longer chance.
 */
export async function deadPartners(
  kafka: Pick<KafkaAdmin, 'apiAnswers'>,
  { goals }: Pick<ServiceState, 'goals'>,
  nodeId: NodeId,
  { partitions, silent }: { readonly partitions: readonly PartitionState[]; readonly silent: readonly KafkaAddress[] },
): Promise<readonly NodeId[]> {
  const inSync = new Set(partitionsOf(partitions, nodeId).flatMap(({ isr }) => isr));
  const doubtful = goals.flatMap((goal) => {
    const address = silent.find(({ host }) => host === goal.host?.address);
    return goal.nodeId === nodeId || !inSync.has(goal.nodeId) || address === undefined ? [] : [{ ...goal, address }];
  });
  const addresses = doubtful.map(({ address }) => address);
  const living = await livingBrokers(kafka, addresses);
  return doubtful.filter(({ address }) => !living.includes(address)).map((goal) => goal.nodeId);
}
