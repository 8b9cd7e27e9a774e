import { pointerOf, type Refusal } from '../../refusal.ts';
import { nearestName } from '../nearest-name.ts';

/** A misspelt option is an error: ignored, it would leave a default in place that nobody wanted. */
export function optionIsKnown(
  path: readonly string[],
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly Refusal[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearestName(name, known);
      return {
        pointer: pointerOf(...path, name),
        value: given[name],
        message: `there is no option ${[...path, name].join('.')}`,
        allowed: known.join(', '),
        ...(meant === undefined ? {} : { hint: `did you mean ${[...path, meant].join('.')}?` }),
      };
    });
}
