import type { KafkaDefinition } from './definition.ts';
import { definitions431 } from './definitions-4.3.1.ts';

const byVersion: Readonly<Record<string, ReadonlyMap<string, KafkaDefinition>>> = {
  '4.3.1': byName(definitions431),
};

/** The public broker properties of a supported Kafka version by name. */
export function kafkaDefinitions(kafkaVersion: string): ReadonlyMap<string, KafkaDefinition> {
  const definitions = byVersion[kafkaVersion];
  if (definitions === undefined) throw new Error(`no property definitions of Kafka ${kafkaVersion} are built in`);
  return definitions;
}

function byName(definitions: readonly KafkaDefinition[]): ReadonlyMap<string, KafkaDefinition> {
  return new Map(definitions.map((definition) => [definition.name, definition]));
}
