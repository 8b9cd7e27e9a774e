import { Logger } from '@aws-lambda-powertools/logger';
import { createCfnDeployment } from '../../lib/aws/cfn-deployment.ts';
import { apiPorts } from '../api-ports.ts';
import { environmentValue } from '../environment-value.ts';
import { createApi } from './create-api.ts';
import { deploymentHandlers } from './deployment-handlers.ts';

const deployment = createCfnDeployment({ stackId: environmentValue('WARDEN_STACK') });

/** Installs, and the stack's own protection: no other function may touch that. */
export const handler = createApi({
  group: 'deployment',
  handlers: deploymentHandlers({ ...apiPorts(), deployment }),
  logger: new Logger({ serviceName: 'warden-api-deployment' }),
});
