import { AwsError } from '../core/aws-error.ts';

/**
 * Refuses by name each member of a request that the local cloud does not do; a member that says nothing
 * (undefined, false, an empty list or object) is as good as absent.
 */
export function onlyMembers(operation: string, input: object, done: readonly string[]): void {
  const strange = Object.entries(input).filter(([name, value]) => !done.includes(name) && saysSomething(value));
  if (strange.length === 0) return;
  const names = strange.map(([name]) => name).join(', ');
  throw new AwsError(
    'UnsupportedOperation',
    `${operation}: ${names} is not done on the local cloud. It does: ${done.join(', ')}. Leave it out, or add it under local/.`,
  );
}

function saysSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return true;
}
