import type { KafkaDefinition } from '../kafka/definition.ts';
import type { KafkaValue } from '../kafka/parse-value.ts';
import { propertyNameOf } from '../kafka/property-name.ts';
import type { ServiceOptions } from './options.ts';

/**
 * Kafka's properties of a service, users' values over Warden's safe defaults.
 * Replication survives the loss of one node without losing writes; the timers notice a dead broker in seconds.
 * The factors follow each other, so that a user who sets one of them gets topics that can be written.
 * A default of a property that the service's version of Kafka does not define is left out.
 */
export function effectiveKafkaProperties(
  options: ServiceOptions,
  definitions: ReadonlyMap<string, KafkaDefinition>,
): Readonly<Record<string, KafkaValue>> {
  const given = Object.fromEntries(
    Object.entries(options.kafka).map(([option, value]) => [propertyNameOf(option), value]),
  );
  const number = (property: string, fallback: number): number => Number(given[property] ?? fallback);

  const safeFactor = Math.min(3, options.brokers.count);
  const factor = number('default.replication.factor', safeFactor);
  const internalFactor = Math.max(safeFactor, factor);
  const transactionFactor = number('transaction.state.log.replication.factor', internalFactor);
  const shareFactor = number('share.coordinator.state.topic.replication.factor', internalFactor);
  const defaults: Readonly<Record<string, KafkaValue>> = {
    'num.partitions': 1,
    'default.replication.factor': factor,
    'min.insync.replicas': insyncFor(factor),
    'offsets.topic.replication.factor': internalFactor,
    'transaction.state.log.replication.factor': transactionFactor,
    'transaction.state.log.min.isr': insyncFor(transactionFactor),
    'share.coordinator.state.topic.replication.factor': shareFactor,
    'share.coordinator.state.topic.min.isr': insyncFor(shareFactor),
    'unclean.leader.election.enable': false,
    // As in the guides: a topic is deleted only where its owner has allowed it.
    'delete.topic.enable': false,
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 9000,
    'replica.fetch.backoff.ms': 100,
  };
  const defined = Object.entries(defaults).filter(([property]) => definitions.has(property));
  return { ...Object.fromEntries(defined), ...given };
}

/** One replica may be away while all writes stay safe. */
function insyncFor(replicationFactor: number): number {
  return Math.max(1, replicationFactor - 1);
}
