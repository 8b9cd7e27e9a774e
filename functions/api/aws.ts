import { Logger } from '@aws-lambda-powertools/logger';
import { createSqsDeadLetters } from '../../lib/aws/sqs-dead-letters.ts';
import { apiPorts } from '../api-ports.ts';
import { environmentValue } from '../environment-value.ts';
import { awsHandlers } from './aws-handlers.ts';
import { createApi } from './create-api.ts';

const deadLetters = createSqsDeadLetters({
  queues: {
    undelivered: environmentValue('WARDEN_UNDELIVERED_QUEUE'),
    failed: environmentValue('WARDEN_FAILED_QUEUE'),
  },
});

/** Routes that read state, and change and end services; also answers what is no route. */
export const handler = createApi({
  group: 'aws',
  handlers: awsHandlers({ ...apiPorts(), deadLetters }),
  logger: new Logger({ serviceName: 'warden-api' }),
});
