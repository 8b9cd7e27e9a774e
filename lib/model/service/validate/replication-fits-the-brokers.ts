import { optionNameOf } from '../../kafka/property-name.ts';
import { effectiveKafkaProperties } from '../kafka-defaults.ts';
import type { OptionRule } from './option-rule.ts';

const factors = [
  'default.replication.factor',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'share.coordinator.state.topic.replication.factor',
] as const;

/** With fewer brokers than replicas Kafka creates no topic at all, not even its own. */
export const replicationFitsTheBrokers: OptionRule = (options, definitions) => {
  const properties = effectiveKafkaProperties(options, definitions);
  const { count } = options.brokers;
  return factors
    .filter((factor) => Number(properties[factor]) > count && options.kafka[optionNameOf(factor)] !== undefined)
    .map((factor) => ({
      reads: ['/brokers/count', `/kafka/${optionNameOf(factor)}`],
      refusal: {
        pointer: `/kafka/${optionNameOf(factor)}`,
        value: properties[factor],
        message: `${factor} (${properties[factor]}) must not exceed brokers.count (${count})`,
        allowed: `at most ${count}`,
        hint: 'lower it or raise brokers.count',
      },
    }));
};
