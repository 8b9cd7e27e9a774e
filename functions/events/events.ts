import type { EventBridgeEvent } from 'aws-lambda';
import { createDynamoStore } from '../../lib/aws/dynamo-store.ts';
import { createEcsTasks } from '../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../lib/aws/sfn-plan-runner.ts';
import { onCapacityChanged } from '../../lib/operations/on-capacity-changed.ts';
import { onExecutionEnded } from '../../lib/operations/on-execution-ended.ts';
import { onTaskChanged } from '../../lib/operations/on-task-changed.ts';
import { environmentValue } from '../environment-value.ts';
import { executionEnd, hostName, taskChange } from './event-details.ts';

const ports = {
  store: createDynamoStore({ tableName: environmentValue('WARDEN_TABLE') }),
  planRunner: createSfnPlanRunner({ machinePrefix: environmentValue('WARDEN_MACHINE_PREFIX') }),
  tasks: createEcsTasks({ clusterArn: environmentValue('WARDEN_CLUSTER') }),
  clock: Date.now,
};

/** Entry point of the function Events. Events come twice, late or out of order: each branch looks before it acts. */
export async function handler(event: EventBridgeEvent<string, unknown>): Promise<void> {
  switch (event['detail-type']) {
    case 'ECS Task State Change': {
      const change = taskChange(event.detail);
      if (change.ours) await onTaskChanged(ports, change);
      if (change.stopped) await onCapacityChanged(ports, `task ${change.taskArn} stopped`);
      return;
    }
    case 'ECS Container Instance State Change':
    case 'EC2 Instance State-change Notification':
      return onCapacityChanged(ports, `${event['detail-type']}: ${hostName(event.detail)}`);
    case 'Step Functions Execution Status Change': {
      const ended = executionEnd(event.detail);
      if (ended !== undefined) await onExecutionEnded(ports, ended);
      return;
    }
  }
}
