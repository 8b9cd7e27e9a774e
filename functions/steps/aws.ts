import { randomUUID } from 'node:crypto';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEcsTasks } from '../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { environmentValue } from '../environment-value.ts';
import { pause } from '../pause.ts';
import { createAwsHandler } from './aws-steps.ts';

/** Entry point of the function StepsAws. */
export const handler = createAwsHandler({
  store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentValue('WARDEN_MACHINE_PREFIX') }),
  tasks: createEcsTasks({ clusterArn: environmentValue('WARDEN_CLUSTER') }),
  settings: { logGroup: environmentValue('WARDEN_LOG_GROUP'), logRegion: environmentValue('AWS_REGION') },
  newId: randomUUID,
  clock: Date.now,
  pause,
});
