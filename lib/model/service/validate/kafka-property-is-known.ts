import type { KafkaDefinition } from '../../kafka/definition.ts';
import { optionNameOf, propertyNameOf } from '../../kafka/property-name.ts';
import { pointerOf, type Refusal } from '../../refusal.ts';
import { guideOptionOf } from '../guide-option.ts';
import { nearestName } from '../nearest-name.ts';

const longestShown = 100;

/** Kafka ignores names that it does not know, so a misspelt property would never be noticed. */
export function kafkaPropertyIsKnown(
  definitions: ReadonlyMap<string, KafkaDefinition>,
  option: string,
  value: unknown,
): readonly Refusal[] {
  const isSpelledAsOption = !option.includes('.');
  if (isSpelledAsOption && definitions.has(propertyNameOf(option))) return [];
  const property = propertyNameOf(option).slice(0, longestShown);
  const guideOption = guideOptionOf(['kafka', option]);
  const meant = nearestName(propertyNameOf(option), definitions.keys());
  const known = {
    message: isSpelledAsOption
      ? `this version of Kafka has no property ${property}`
      : `${property} must be spelled with _ for .`,
    hint: meant === undefined ? 'leave it out' : `did you mean kafka.${optionNameOf(meant)}?`,
  };
  const words =
    guideOption === undefined
      ? known
      : { message: `kafka.${option} cannot be set: ${guideOption.reason}`, hint: guideOption.hint };
  const allowed = "the names of Kafka's broker properties with _ for .";
  return [{ pointer: pointerOf('kafka', option), value, allowed, ...words }];
}
