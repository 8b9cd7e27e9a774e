import { pointerOf, type Refusal } from '../../refusal.ts';

/** A section, or the document itself, is a JSON object; one that is not given is an empty one. */
export function sectionIsAnObject(
  path: readonly string[],
  given: unknown,
): { readonly value: Readonly<Record<string, unknown>>; readonly refusals: readonly Refusal[] } {
  if (given === undefined) return { value: {}, refusals: [] };
  if (isObject(given)) return { value: given, refusals: [] };
  const name = path.length === 0 ? 'the options document' : path.join('.');
  return {
    value: {},
    refusals: [
      { pointer: pointerOf(...path), value: given, message: `${name} must be an object`, allowed: 'an object' },
    ],
  };
}

function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
