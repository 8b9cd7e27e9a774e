import type { KafkaDefinition } from '../kafka/definition.ts';
import { kafkaDefinitions } from '../kafka/definitions.ts';
import { narrowedDefinition } from '../kafka/narrowed-definition.ts';
import type { KafkaValue } from '../kafka/parse-value.ts';
import { propertyNameOf } from '../kafka/property-name.ts';
import type { Refusal } from '../refusal.ts';
import type { Reading } from './read-section.ts';
import { kafkaPropertyIsKnown } from './validate/kafka-property-is-known.ts';
import { kafkaPropertyIsTheUsers } from './validate/kafka-property-is-the-users.ts';
import { kafkaValueIsValid } from './validate/kafka-value-is-valid.ts';
import { sectionIsAnObject } from './validate/section-is-an-object.ts';

/** Reads the section of Kafka's own properties against the definitions of one Kafka version. */
export function readKafkaSection(kafkaVersion: string, given: unknown): Reading<Readonly<Record<string, KafkaValue>>> {
  const definitions = kafkaDefinitions(kafkaVersion);
  const section = sectionIsAnObject(['kafka'], given);
  const values: Record<string, KafkaValue> = {};
  const refusals: Refusal[] = [...section.refusals];
  for (const [option, value] of Object.entries(section.value)) {
    const reading = readProperty(definitions, option, value);
    if (reading.type === 'valid') values[option] = reading.value;
    else refusals.push(...reading.refusals);
  }
  return { value: values, refusals };
}

function readProperty(
  definitions: ReadonlyMap<string, KafkaDefinition>,
  option: string,
  value: unknown,
): ReturnType<typeof kafkaValueIsValid> {
  const definition = definitions.get(propertyNameOf(option));
  const unknown = kafkaPropertyIsKnown(definitions, option, value);
  if (definition === undefined || unknown.length > 0) return { type: 'refused', refusals: unknown };
  const owned = kafkaPropertyIsTheUsers(option, value);
  if (owned.length > 0) return { type: 'refused', refusals: owned };
  return kafkaValueIsValid(narrowedDefinition(definition), value);
}
