import { createCloudwatchTaskLogs } from '../../lib/aws/cloudwatch-task-logs.ts';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEcsTasks } from '../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { environmentValue } from '../environment-value.ts';
import { createEventsHandler } from './events-handler.ts';

/** Entry point of the function Events. */
export const handler = createEventsHandler({
  store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentValue('WARDEN_MACHINE_PREFIX') }),
  tasks: createEcsTasks({ clusterArn: environmentValue('WARDEN_CLUSTER') }),
  taskLogs: createCloudwatchTaskLogs({ logGroup: environmentValue('WARDEN_LOG_GROUP') }),
  clock: Date.now,
});
