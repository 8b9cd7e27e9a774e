import { Logger } from '@aws-lambda-powertools/logger';
import { apiPorts } from '../api-ports.ts';
import { commandHandlers } from './command-handlers.ts';
import { createApi } from './create-api.ts';

/** Routes that say what is to be done with plans and single nodes. */
export const handler = createApi({
  group: 'commands',
  handlers: commandHandlers(apiPorts()),
  logger: new Logger({ serviceName: 'warden-api-commands' }),
});
