import type { KafkaDefinition } from '../../kafka/definition.ts';
import type { KafkaValue } from '../../kafka/parse-value.ts';
import { optionNameOf } from '../../kafka/property-name.ts';
import { effectiveKafkaProperties } from '../kafka-defaults.ts';
import type { ServiceOptions } from '../options.ts';

/** The properties whose defaults follow the number of brokers. */
const replicationProperties = [
  'default.replication.factor',
  'min.insync.replicas',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
  'share.coordinator.state.topic.replication.factor',
  'share.coordinator.state.topic.min.isr',
] as const;

/**
 * What is to be stored of replication when brokers are added: what is in force, as if it had been given. The defaults
 * of one or two brokers are lower than those of three; if they rose by themselves, each running broker would restart
 * and topics of two replicas could not be written while one of them is away. Nothing when the update itself speaks of
 * replication: `null` is the default of the new number.
 */
export function moreBrokersKeepReplication(
  stored: ServiceOptions,
  given: { readonly count: unknown; readonly kafka: Readonly<Record<string, unknown>> },
  definitions: ReadonlyMap<string, KafkaDefinition>,
): Readonly<Record<string, KafkaValue>> {
  const isMore = typeof given.count === 'number' && given.count > stored.brokers.count;
  if (!isMore || replicationProperties.some((property) => Object.hasOwn(given.kafka, optionNameOf(property))))
    return {};
  const inForce = effectiveKafkaProperties(stored, definitions);
  const afterwards = effectiveKafkaProperties(
    { ...stored, brokers: { ...stored.brokers, count: Number(given.count) } },
    definitions,
  );
  return Object.fromEntries(
    replicationProperties.flatMap((property) => {
      const value = inForce[property];
      return value === undefined || value === afterwards[property] ? [] : [[optionNameOf(property), value]];
    }),
  );
}
