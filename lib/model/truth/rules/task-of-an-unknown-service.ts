import type { ServiceState } from '../../state.ts';
import type { FoundTask } from '../found.ts';
import type { Finding } from '../orphan.ts';

/** Its service is not in the table, or another service that had the same name has started it. */
export function taskOfAnUnknownService(
  { taskArn, service, nodeId, clusterId }: FoundTask,
  state: Pick<ServiceState, 'target'> | undefined,
): Finding | undefined {
  const isItsOwn = state !== undefined && (clusterId === undefined || clusterId === state.target.clusterId);
  if (isItsOwn) return undefined;
  return {
    ...{ what: 'task', id: taskArn, service, nodeId },
    why:
      state === undefined
        ? `the table knows no service ${service}`
        : `it belongs to another service that had the name ${service}: its cluster id is ${clusterId}, and the table has ${state.target.clusterId}`,
    remedy:
      'restore a copy of the table that knows its service, or stop the task by hand once you are sure that nobody needs it',
  };
}
