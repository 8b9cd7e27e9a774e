import { kafkaDefinitions } from '../kafka/definitions.ts';
import { propertyNameOf } from '../kafka/property-name.ts';
import { kafkaVersionOf } from '../service/config.ts';
import { shownValue } from '../service/shown-value.ts';
import type { ConfigDifference } from './config-difference.ts';

/** Differences as they are shown: values of properties that Kafka holds for secrets are hidden, large ones cut. */
export function shownDifferences(
  differences: readonly ConfigDifference[],
  packageVersion: string,
): readonly ConfigDifference[] {
  const definitions = kafkaDefinitions(kafkaVersionOf(packageVersion));
  return differences.map(({ pointer, ...values }) => {
    const option = /^\/kafka\/(.+)$/.exec(pointer)?.[1];
    const isSecret = option !== undefined && definitions.get(propertyNameOf(option))?.type === 'password';
    const shown = Object.entries(values).map(([side, value]) => [
      side,
      isSecret ? '(hidden)' : shownValue(pointer, value),
    ]);
    return { pointer, ...Object.fromEntries(shown) };
  });
}
