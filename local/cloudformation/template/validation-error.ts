import { AwsError } from '../../core/aws-error.ts';

/** The error with which CloudFormation refuses a request, in its words. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}
