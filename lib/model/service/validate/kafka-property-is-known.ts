import type { KafkaDefinition } from '../../kafka/definition.ts';
import { optionNameOf, propertyNameOf } from '../../kafka/property-name.ts';
import { pointerOf, type Refusal } from '../../refusal.ts';
import { nearestName } from '../nearest-name.ts';

/** Kafka ignores names that it does not know, so a misspelt property would never be noticed. */
export function kafkaPropertyIsKnown(
  definitions: ReadonlyMap<string, KafkaDefinition>,
  option: string,
  value: unknown,
): readonly Refusal[] {
  const isSpelledAsOption = !option.includes('.');
  if (isSpelledAsOption && definitions.has(propertyNameOf(option))) return [];
  const meant = nearestName(propertyNameOf(option), definitions.keys());
  return [
    {
      pointer: pointerOf('kafka', option),
      value,
      message: isSpelledAsOption
        ? `this version of Kafka has no property ${propertyNameOf(option)}`
        : `${option} must be spelled with _ for .`,
      ...(meant === undefined ? {} : { hint: `did you mean kafka.${optionNameOf(meant)}?` }),
    },
  ];
}
