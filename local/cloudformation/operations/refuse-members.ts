import { validationError } from '../template/validation-error.ts';

/**
 * Refuses, by name, each member of a request that is not acted on. An absent, false or empty member asks for nothing.
 *
 * @throws AwsError ValidationError
 */
export function refuseMembers(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const asked = names.find((name) => asksForSomething(input[name]));
  if (asked !== undefined)
    throw validationError(`${operation}: the member ${asked} is not in the local cloud. Leave it out.`);
}

function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.values(value).some(asksForSomething);
}
