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
 * What is to be stored of replication when brokers are added: what is in force, as if it had been given, of all of it as
 * soon as any of it would change. The defaults of one or two brokers are lower than those of three; if they rose by
 * themselves, each running broker would restart and topics of two replicas could not be written while one of them is away.
 * Nothing when the update itself speaks of replication: `null` is the default of the new number. Nor is it for an update
 * that replaces all options, which forgets replication as it forgets everything else.
 */
export function moreBrokersKeepReplication(
  stored: ServiceOptions,
  merged: {
    /** Of brokers, as it comes out of the merge. */
    readonly count: unknown;
    /** The properties that the update gives. */
    readonly given: Readonly<Record<string, unknown>>;
  },
  definitions: ReadonlyMap<string, KafkaDefinition>,
): Readonly<Record<string, KafkaValue>> {
  const { count, given } = merged;
  const isMore = typeof count === 'number' && count > stored.brokers.count;
  if (!isMore || replicationProperties.some((property) => Object.hasOwn(given, optionNameOf(property)))) return {};
  const inForce = effectiveKafkaProperties(stored, definitions);
  const afterwards = effectiveKafkaProperties({ ...stored, brokers: { ...stored.brokers, count } }, definitions);
  if (replicationProperties.every((property) => inForce[property] === afterwards[property])) return {};
  return Object.fromEntries(
    replicationProperties.flatMap((property) => {
      const value = inForce[property];
      return value === undefined ? [] : [[optionNameOf(property), value]];
    }),
  );
}
