import { pointerOf, type Refusal } from '../../refusal.ts';
import { guideOptionOf } from '../guide-option.ts';
import { nearestName } from '../nearest-name.ts';

/**
 * A misspelt option is an error: ignored, it would leave a default in place that nobody wanted. An option of the guides
 * that Warden does not have is refused with the reason.
 */
export function optionIsKnown(
  path: readonly string[],
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly Refusal[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({ pointer: pointerOf(...path, name), value: given[name], ...wordsOf(path, name, known) }));
}

function wordsOf(path: readonly string[], name: string, known: readonly string[]): Omit<Refusal, 'pointer' | 'value'> {
  const option = [...path, name].join('.').slice(0, 100);
  const allowed = known.join(', ');
  const guideOption = guideOptionOf([...path, name]);
  if (guideOption !== undefined) {
    return { message: `${option} cannot be set: ${guideOption.reason}`, allowed, hint: guideOption.hint };
  }
  const meant = nearestName(name, known);
  const hint = meant === undefined ? 'leave it out' : `did you mean ${[...path, meant].join('.')}?`;
  return { message: `there is no option ${option}`, allowed, hint };
}
