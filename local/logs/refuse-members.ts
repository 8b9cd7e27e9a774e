import { AwsError } from '../core/aws-error.ts';

/**
 * Refuses, by name, each member of a request that this cloud does not act on: an ignored member would look like success.
 *
 * @throws AwsError UnsupportedOperation
 */
export function refuseOtherMembers(operation: string, input: object, taken: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || taken.includes(name)) continue;
    throw new AwsError(
      'UnsupportedOperation',
      `${operation}: the member ${name} is not in the local cloud, which takes ${taken.join(', ')}. Leave ${name} out.`,
    );
  }
}
