import { AwsError } from './aws-error.ts';

/** What an operation takes; everything else is refused by name. */
export interface Supported {
  /** For the message, for example sqs CreateQueue. */
  readonly operation: string;
  readonly members: readonly string[];
  /** The service's code for a value that it does not take. */
  readonly code?: string;
}

/**
 * Refuses members of an input that the local cloud would otherwise ignore.
 * @throws the code given, or ValidationException
 */
export function refuseMembers(input: object, supported: Supported): void {
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  const extra = given.map(([name]) => name).filter((name) => !supported.members.includes(name));
  if (extra.length === 0) return;
  throw new AwsError(
    supported.code ?? 'ValidationException',
    `${supported.operation}: ${extra.join(', ')} ${extra.length === 1 ? 'is' : 'are'} not done in the local cloud; done: ${supported.members.join(', ')}`,
  );
}
