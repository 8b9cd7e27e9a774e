import type { EventBridgeEvent } from 'aws-lambda';
import { onCapacityChanged } from '../../lib/operations/on-capacity-changed.ts';
import { onExecutionEnded } from '../../lib/operations/on-execution-ended.ts';
import { onHostChanged } from '../../lib/operations/on-host-changed.ts';
import { type EventPorts, onTaskChanged } from '../../lib/operations/on-task-changed.ts';
import { executionEnd, hostChange, hostName, taskChange } from './event-details.ts';

export type EventsHandler = (event: EventBridgeEvent<string, unknown>) => Promise<void>;

/** What the rules of the stack let through. */
export const eventTypes: readonly string[] = [
  'ECS Task State Change',
  'ECS Container Instance State Change',
  'EC2 Instance State-change Notification',
  'Step Functions Execution Status Change',
];

/** What the function Events does with an event. Events come twice, late or out of order: each branch looks before it acts. */
export function createEventsHandler(ports: EventPorts): EventsHandler {
  return async (event) => {
    switch (event['detail-type']) {
      case 'ECS Task State Change': {
        const change = taskChange(event.detail);
        if (change.ours) await onTaskChanged(ports, change);
        if (change.stopped) await onCapacityChanged(ports, `task ${change.taskArn} stopped`);
        return;
      }
      case 'ECS Container Instance State Change':
      case 'EC2 Instance State-change Notification': {
        const change = hostChange(event.detail, event.time);
        if (change !== undefined) await onHostChanged(ports, change);
        return onCapacityChanged(ports, `${event['detail-type']}: ${hostName(event.detail)}`);
      }
      case 'Step Functions Execution Status Change': {
        const ended = executionEnd(event.detail);
        if (ended !== undefined) await onExecutionEnded(ports, ended);
        return;
      }
    }
  };
}
