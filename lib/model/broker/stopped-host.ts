import type { ServiceState } from '../state.ts';
import { launchedOn } from './gone-host.ts';

/**
 * The host that EC2 showed as stopped after this task had run there: no process of it is left, and no boot starts it again.
 * ECS shows it as running until the agent is back.
 */
export function stoppedHostOf({ hostsSeen }: Pick<ServiceState, 'hostsSeen'>, taskArn: string): string | undefined {
  return hostsSeen.find(({ endedTasks = [] }) => endedTasks.includes(taskArn))?.instanceId;
}

/**
 * Which of a service's tasks are over because EC2 shows their host as stopped: those whose containers were seen there before.
 * One that ECS has yet to hand to the agent would start with the next boot. `state` was read before EC2 was asked.
 */
export function tasksEndedBy(
  { goals, seen }: Pick<ServiceState, 'goals' | 'seen'>,
  instanceId: string,
): readonly string[] {
  const launches = goals.flatMap(({ launch, preparation }) => [launch, preparation]);
  return launches.flatMap((launch) => {
    const { taskArn } = launch ?? {};
    if (launch === undefined || taskArn === undefined || launchedOn(launch) !== instanceId) return [];
    const status = seen.find((candidate) => candidate.taskArn === taskArn)?.lastStatus ?? 'unknown';
    return hadContainer.includes(status) ? [taskArn] : [];
  });
}

/** Source: ECS developer guide, task lifecycle. */
const hadContainer: readonly string[] = ['RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'];

/** Since when EC2 shows a host as stopped; undefined: it does not. */
export function stoppedSince({ hostsSeen }: Pick<ServiceState, 'hostsSeen'>, instanceId: string): number | undefined {
  return hostsSeen.find((host) => host.instanceId === instanceId)?.stoppedSince;
}
