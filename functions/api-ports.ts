import { randomUUID } from 'node:crypto';
import { createCfnDeployment } from '../lib/aws/cfn-deployment.ts';
import { createDynamoStore } from '../lib/aws/dynamo-store.ts';
import { createSfnPlanRunner } from '../lib/aws/sfn-plan-runner.ts';
import { createSqsDeadLetters } from '../lib/aws/sqs-dead-letters.ts';
import type { AwsApiPorts } from './api/aws-handlers.ts';
import { environmentValue, optionalEnvironmentValue } from './environment-value.ts';

/** What the API's operations need, on AWS. */
export function apiPorts(): AwsApiPorts {
  const zone = optionalEnvironmentValue('WARDEN_ZONE');
  return {
    store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
    planRunner: createSfnPlanRunner({ machinePrefix: environmentValue('WARDEN_MACHINE_PREFIX') }),
    deadLetters: createSqsDeadLetters({
      queues: {
        undelivered: environmentValue('WARDEN_UNDELIVERED_QUEUE'),
        failed: environmentValue('WARDEN_FAILED_QUEUE'),
      },
    }),
    deployment: createCfnDeployment({ stackId: environmentValue('WARDEN_STACK') }),
    ...(zone === undefined ? {} : { zone }),
    clock: Date.now,
    newId: randomUUID,
  };
}
