import type { KafkaDefinition } from './definition.ts';

/** Where Kafka accepts a value and then fails to start with it. */
const narrowed: Readonly<Record<string, Partial<KafkaDefinition>>> = {
  'group.coordinator.rebalance.protocols': { mustHold: 'classic' },
  'offsets.topic.compression.codec': { least: 0, most: 4 },
  'share.coordinator.state.topic.compression.codec': { least: 0, most: 4 },
  'share.coordinator.snapshot.update.records.per.snapshot': { least: 0, most: 500 },
  // At most the replication factor, of which 1 is the least.
  'offsets.commit.required.acks': { least: -1, most: 1 },
  // Kafka takes any negative number for no limit, and ends with 0.
  'log.retention.hours': { least: 1, also: -1 },
  'log.retention.minutes': { least: 1, also: -1 },
  'log.retention.ms': { least: 1, also: -1 },
  'log.roll.ms': { least: 1 },
  'log.roll.jitter.ms': { least: 0 },
  'log.cleaner.threads': { least: 1 },
  'max.connections.per.ip': { least: 1 },
  // Idle connections end no sooner than answers to failed authentications, which wait 100 ms.
  'connections.max.idle.ms': { least: 101, also: -1 },
  'max.connections.per.ip.overrides': {
    form: {
      pattern: /^([\w.:-]+:\d{1,9}(,[\w.:-]+:\d{1,9})*)?$/,
      words: 'pairs of address and number, for example 10.0.0.7:100,10.0.0.8:200',
    },
  },
};

/** Names of what the image itself holds, which is all in the default; Kafka 3 takes names of classes, later ones short names. */
const builtIn: ReadonlySet<string> = new Set(['group.consumer.assignors', 'group.share.assignors']);

/** Kafka's definition, or a stricter one of ours for the few properties whose bad values Kafka finds too late. */
export function narrowedDefinition(definition: KafkaDefinition): KafkaDefinition {
  if (!builtIn.has(definition.name)) return { ...definition, ...narrowed[definition.name] };
  return { ...definition, oneOf: (definition.default ?? '').split(','), nonEmpty: true };
}
