import type { ServiceState } from '../../state.ts';
import type { FoundTask } from '../found.ts';
import type { Finding } from '../orphan.ts';

/** Its service is known and has no such node. */
export function taskOfAnUnknownNode(
  { taskArn, service, nodeId }: FoundTask,
  { goals }: Pick<ServiceState, 'goals'>,
): Finding | undefined {
  if (goals.some((goal) => goal.nodeId === nodeId)) return undefined;
  return {
    ...{ what: 'task', id: taskArn, service, nodeId },
    why: `the table knows no node ${nodeId} of service ${service} that ever ran`,
    remedy: `if the service has the node, adopt it: "warden --name=${service} pod adopt" with its pod; otherwise stop the task by hand`,
  };
}
