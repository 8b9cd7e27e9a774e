import { AwsError } from '../core/aws-error.ts';

/** A value that Route 53 does not take. */
export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}

/** A batch of which nothing was done, with every reason. */
export function invalidChangeBatch(messages: readonly string[]): AwsError {
  return new AwsError('InvalidChangeBatch', `[${messages.join(', ')}]`);
}

export function noSuchHostedZone(id: string): AwsError {
  return new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`);
}
