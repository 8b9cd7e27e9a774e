import { optionNameOf } from '../../kafka/property-name.ts';
import { effectiveKafkaProperties } from '../kafka-defaults.ts';
import type { OptionRule } from './option-rule.ts';

/** Which minimum of in-sync replicas guards the topics that a replication factor creates. */
const guards = [
  { minimum: 'min.insync.replicas', factor: 'default.replication.factor' },
  { minimum: 'min.insync.replicas', factor: 'offsets.topic.replication.factor' },
  { minimum: 'transaction.state.log.min.isr', factor: 'transaction.state.log.replication.factor' },
  { minimum: 'share.coordinator.state.topic.min.isr', factor: 'share.coordinator.state.topic.replication.factor' },
] as const;

/** A topic with fewer replicas than must be in sync takes no write with acks=all, ever. */
export const topicsCanBeWritten: OptionRule = (options, definitions) => {
  const properties = effectiveKafkaProperties(options, definitions);
  return guards
    .filter(({ minimum, factor }) => Number(properties[minimum]) > Number(properties[factor]))
    .map(({ minimum, factor }) => {
      const given = options.kafka[optionNameOf(minimum)] === undefined ? factor : minimum;
      return {
        reads: ['/brokers/count', `/kafka/${optionNameOf(minimum)}`, `/kafka/${optionNameOf(factor)}`],
        refusal: {
          pointer: `/kafka/${optionNameOf(given)}`,
          value: properties[given],
          message: `${minimum} (${properties[minimum]}) must not exceed ${factor} (${properties[factor]}): such topics could not be written`,
          allowed: `${minimum} of at most ${factor}`,
          hint: `lower ${minimum} or raise ${factor}`,
        },
      };
    });
};
