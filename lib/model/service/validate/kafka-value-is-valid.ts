import { allowedValues, isAllowedValue } from '../../kafka/check-value.ts';
import type { KafkaDefinition } from '../../kafka/definition.ts';
import { type KafkaValue, parseKafkaValue } from '../../kafka/parse-value.ts';
import { optionNameOf } from '../../kafka/property-name.ts';
import { pointerOf, type Refusal } from '../../refusal.ts';

export type CheckedKafkaValue =
  | { readonly type: 'valid'; readonly value: KafkaValue }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[] };

const longestValueCharacters = 1024;

/** A value passes Kafka's own type and validator, and is one line of a properties file. */
export function kafkaValueIsValid(definition: KafkaDefinition, given: unknown): CheckedKafkaValue {
  const parsed = parseKafkaValue(definition, given);
  if (parsed.type === 'valid' && isAllowedValue(definition, parsed.value) && isOneLine(parsed.value)) return parsed;
  const allowed = allowedValues(definition);
  return {
    type: 'refused',
    refusals: [
      {
        pointer: pointerOf('kafka', optionNameOf(definition.name)),
        value: given,
        message: `${definition.name} must be ${allowed}`,
        allowed,
        hint: definition.description ?? 'leave it out for the default of Kafka',
      },
    ],
  };
}

function isOneLine(value: KafkaValue): boolean {
  const text = String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.length <= longestValueCharacters && !/[\u0000-\u001f\u007f]/.test(text);
}
