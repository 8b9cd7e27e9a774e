import { Logger } from '@aws-lambda-powertools/logger';
import { apiPorts } from '../api-ports.ts';
import { awsHandlers } from './aws-handlers.ts';
import { createApi } from './create-api.ts';

/** Routes that read state, and change and end services; also answers what is no route. */
export const handler = createApi({
  group: 'aws',
  handlers: awsHandlers(apiPorts()),
  logger: new Logger({ serviceName: 'warden-api' }),
});
