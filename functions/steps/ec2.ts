import { randomUUID } from 'node:crypto';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEc2Hosts } from '../../lib/aws/ec2-hosts.ts';
import { createEc2Volumes } from '../../lib/aws/ec2-volumes.ts';
import { createEcsTasks } from '../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { environmentValue } from '../environment-value.ts';
import { pause } from '../pause.ts';
import { createEc2Handler } from './ec2-steps.ts';

/** Entry point of the function StepsEc2. */
export const handler = createEc2Handler({
  store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentValue('WARDEN_MACHINE_PREFIX') }),
  hosts: createEc2Hosts({ clusterArn: environmentValue('WARDEN_CLUSTER') }),
  volumes: createEc2Volumes(),
  tasks: createEcsTasks({ clusterArn: environmentValue('WARDEN_CLUSTER') }),
  clock: Date.now,
  newId: randomUUID,
  pause,
});
