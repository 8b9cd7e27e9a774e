import type { NodeGoal } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { KafkaAddresses, KafkaAdmin } from '../../ports/kafka-admin.ts';

/** Why a broker does not serve yet; undefined once it is registered and unfenced, and all that answer agree. */
export async function registrationBehind(
  kafka: KafkaAdmin,
  brokers: KafkaAddresses,
  { nodeId, host }: NodeGoal,
): Promise<WaitingReason | undefined> {
  // A broker that boots does not answer yet: that is no error, and the first one has nobody else to be asked about it.
  const own = brokers.find((address) => address.host === host?.address);
  const answer = own === undefined ? undefined : await kafka.apiAnswers(own);
  if (answer?.type !== 'answers') return { type: 'registration', nodeId, state: 'absent' };
  const cluster = await kafka.describeCluster(brokers);
  const registered = cluster.brokers.find(({ id }) => id === nodeId);
  if (registered === undefined) return { type: 'registration', nodeId, state: 'absent' };
  return registered.fenced || !registered.settled ? { type: 'registration', nodeId, state: 'fenced' } : undefined;
}
