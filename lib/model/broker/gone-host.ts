import type { GoneHost } from '../hosts/records.ts';
import type { TaskLaunch } from '../state.ts';
import type { RunTaskRequest } from './run-task-request.ts';

/** Whether EC2 has terminated the instance: no process of it is left, whatever ECS shows of its tasks, and none comes back. */
export function isGone(
  { goneHosts }: { readonly goneHosts: readonly Pick<GoneHost, 'instanceId'>[] },
  instanceId: string | undefined,
): boolean {
  return goneHosts.some((gone) => gone.instanceId === instanceId);
}

/** The instance that a task of ours is pinned to. */
export function launchedOn({ request }: Pick<TaskLaunch, 'request'>): string {
  const { instanceId } = JSON.parse(request) as Pick<RunTaskRequest, 'instanceId'>;
  return instanceId;
}

/** The gone host of a task of ours; undefined while EC2 has not terminated it. */
export function goneHostOf(
  state: { readonly goneHosts: readonly Pick<GoneHost, 'instanceId'>[] },
  launch: Pick<TaskLaunch, 'request'>,
): string | undefined {
  if (state.goneHosts.length === 0) return undefined;
  const instanceId = launchedOn(launch);
  return isGone(state, instanceId) ? instanceId : undefined;
}
