import { createCloudwatchTaskLogs } from '../../lib/aws/cloudwatch-task-logs.ts';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEcsTasks } from '../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { createSqsDeadLetters } from '../../lib/aws/sqs-dead-letters.ts';
import { environmentValue } from '../environment-value.ts';
import { pause } from '../pause.ts';
import { stackNames } from '../stack-names.ts';
import { createUpkeepHandler } from './upkeep-steps.ts';

/** Entry point of the function StepsUpkeep. */
export const handler = createUpkeepHandler({
  store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentValue('WARDEN_MACHINE_PREFIX') }),
  tasks: createEcsTasks({ clusterArn: environmentValue('WARDEN_CLUSTER') }),
  taskLogs: createCloudwatchTaskLogs({ logGroup: environmentValue('WARDEN_LOG_GROUP') }),
  deadLetters: createSqsDeadLetters({
    queues: {
      undelivered: environmentValue('WARDEN_UNDELIVERED_QUEUE'),
      failed: environmentValue('WARDEN_FAILED_QUEUE'),
    },
  }),
  ...stackNames(),
  clock: Date.now,
  pause,
});
