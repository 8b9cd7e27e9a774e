import { pointerOf, type Refusal } from '../../refusal.ts';

/** More than any section has options; without a limit one body could ask for days of work. */
const mostMembers = 500;

/** A section, or the document itself, is a JSON object; one that is not given is an empty one. */
export function sectionIsAnObject(
  path: readonly string[],
  given: unknown,
): { readonly value: Readonly<Record<string, unknown>>; readonly refusals: readonly Refusal[] } {
  if (given === undefined) return { value: {}, refusals: [] };
  const name = path.length === 0 ? 'the options document' : path.join('.');
  const refused = (message: string, hint: string) => ({
    value: {},
    refusals: [{ pointer: pointerOf(...path), value: given, message, allowed: 'an object', hint }],
  });
  if (!isObject(given)) return refused(`${name} must be an object`, 'write its options in braces, or leave it out');
  const members = Object.keys(given).length;
  if (members <= mostMembers) return { value: given, refusals: [] };
  return refused(`${name} has ${members} members, more than there are options`, `leave at most ${mostMembers}`);
}

function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}
