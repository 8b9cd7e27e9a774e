import { AwsError } from '../core/aws-error.ts';
import type { ServiceName } from '../core/service.ts';

/**
 * How a service says that there were too many calls, in the name by which its SDK knows it to be worth another try.
 * Lambda alone says when: its error is modelled with the header Retry-After.
 */
export function throttlingError(service: ServiceName): AwsError {
  switch (service) {
    case 'ec2':
      return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'apigatewayv2':
      return new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
    case 'lambda': {
      const fields = { Reason: 'CallerRateLimitExceeded', Type: 'User', retryAfterSeconds: '1' };
      return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, fields);
    }
    case 's3':
      return new AwsError('SlowDown', 'Please reduce your request rate.', 503);
    case 'sqs':
      return new AwsError('RequestThrottled', 'Request is throttled.', 403);
    case 'autoscaling':
    case 'cloudformation':
    case 'iam':
    case 'route53':
    case 'sts':
      return new AwsError('Throttling', 'Rate exceeded');
    case 'dynamodb':
    case 'ecs':
    case 'events':
    case 'logs':
    case 'secretsmanager':
    case 'sfn':
    case 'ssm':
      return new AwsError('ThrottlingException', 'Rate exceeded');
  }
}
