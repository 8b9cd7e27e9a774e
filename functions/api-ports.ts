import { randomUUID } from 'node:crypto';
import { createDynamoStore } from '../lib/aws/dynamo-store.ts';
import { createSfnPlanRunner } from '../lib/aws/sfn-plan-runner.ts';
import type { ApiPorts } from '../lib/operations/install-service.ts';
import { environmentValue, optionalEnvironmentValue } from './environment-value.ts';

/** What the API's operations need, on AWS. */
export function apiPorts(): ApiPorts {
  const zone = optionalEnvironmentValue('WARDEN_ZONE');
  return {
    store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
    planRunner: createSfnPlanRunner({ machinePrefix: environmentValue('WARDEN_MACHINE_PREFIX') }),
    ...(zone === undefined ? {} : { zone }),
    clock: Date.now,
    newId: randomUUID,
  };
}
