import type { DefinitionDifferences, KafkaDefinition } from './definition.ts';
import { differences392 } from './definitions-3.9.2.ts';
import { differences412 } from './definitions-4.1.2.ts';
import { definitions431 } from './definitions-4.3.1.ts';

type Definitions = ReadonlyMap<string, KafkaDefinition>;

const of431 = new Map(definitions431.map((definition) => [definition.name, definition]));
const of412 = derive(of431, differences412);
const of392 = derive(of412, differences392);
const byVersion: Readonly<Record<string, Definitions>> = { '3.9.2': of392, '4.1.2': of412, '4.3.1': of431 };

/** The public broker properties of a supported Kafka version by name. */
export function kafkaDefinitions(kafkaVersion: string): Definitions {
  const definitions = byVersion[kafkaVersion];
  if (definitions === undefined) throw new Error(`no property definitions of Kafka ${kafkaVersion} are built in`);
  return definitions;
}

/** What the supported versions that have a property define it as. */
export function definitionsOfAnyVersion(name: string): readonly KafkaDefinition[] {
  return Object.values(byVersion).flatMap((definitions) => definitions.get(name) ?? []);
}

function derive(newer: Definitions, { absent, other }: DefinitionDifferences): Definitions {
  const definitions = new Map(newer);
  for (const name of absent) definitions.delete(name);
  for (const definition of other) definitions.set(definition.name, definition);
  return definitions;
}
