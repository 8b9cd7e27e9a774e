import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEcsTasks } from '../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { environmentVariable } from '../environment.ts';
import { pause } from '../pause.ts';
import { createAwsHandler } from './aws-steps.ts';

/** Entry point of the function StepsAws. */
export const handler = createAwsHandler({
  store: createDynamoStore({ tableName: environmentVariable('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentVariable('WARDEN_MACHINE_PREFIX') }),
  tasks: createEcsTasks({ clusterArn: environmentVariable('WARDEN_CLUSTER') }),
  settings: { logGroup: environmentVariable('WARDEN_LOG_GROUP'), logRegion: environmentVariable('AWS_REGION') },
  clock: Date.now,
  pause,
});
