import type { KafkaDefinition } from './definition.ts';

/** Where Kafka accepts a value and then fails to start with it. */
const narrowed: Readonly<Record<string, Partial<KafkaDefinition>>> = {
  'group.consumer.assignors': { oneOf: ['uniform', 'range'], nonEmpty: true },
  'group.share.assignors': { oneOf: ['simple'], nonEmpty: true },
  'offsets.topic.compression.codec': { least: 0, most: 4 },
  'share.coordinator.state.topic.compression.codec': { least: 0, most: 4 },
};

/** Kafka's definition, or a stricter one of ours for the few properties whose bad values Kafka finds too late. */
export function narrowedDefinition(definition: KafkaDefinition): KafkaDefinition {
  return { ...definition, ...narrowed[definition.name] };
}
