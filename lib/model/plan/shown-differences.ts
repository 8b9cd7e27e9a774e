import { shownValue } from '../service/shown-value.ts';
import type { ConfigDifference } from './config-difference.ts';

/** Differences as they are shown: secrets are hidden, large values cut. */
export function shownDifferences(differences: readonly ConfigDifference[]): readonly ConfigDifference[] {
  return differences.map(({ pointer, ...values }) => {
    const shown = Object.entries(values).map(([side, value]) => [side, shownValue(pointer, value)]);
    return { pointer, ...Object.fromEntries(shown) };
  });
}
