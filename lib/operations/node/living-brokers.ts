import type { KafkaAddresses, KafkaAdmin } from '../../ports/kafka-admin.ts';

/** Those of the brokers that answer now, whatever Kafka believes of them. */
export async function livingBrokers(
  kafka: Pick<KafkaAdmin, 'apiAnswers'>,
  brokers: KafkaAddresses,
): Promise<KafkaAddresses> {
  const answers = await Promise.all(brokers.map((address) => kafka.apiAnswers(address)));
  return brokers.filter((_, index) => answers[index]?.type === 'answers');
}
