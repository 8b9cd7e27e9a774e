import type { StopProven } from '../node-wish.ts';
import type { ServiceState, TaskSeen } from '../state.ts';

/** How a task ended, as far as ECS proves it. */
export type TaskEnd =
  | { readonly type: 'lives' }
  /** The container's exit code, or its never having started, proves that no process is left. */
  | { readonly type: 'proven'; readonly asked: boolean; readonly description: string }
  /** STOPPED without proof: the process may still run, so neither a release nor a second start is allowed. */
  | { readonly type: 'not proven'; readonly description: string };

/** Exit code of a process that ended because it was sent SIGTERM: somebody's wish, not a failure of the broker. */
const sigtermExitCode = 143;

/**
 * A stop is proven by STOPPED with the container's exit code, by a task that failed before its container started, or by
 * the agent's word that the task ended before it made a container, as after a stop while the image is pulled; or by EC2,
 * which has terminated or stopped its host: that is no failure of the process, whatever its exit code.
 * Where ECS proves nothing, the word of an operator who has named this very task does.
 * Source: design, release of the registration.
 */
export function taskEnd(seen: TaskSeen, { nodeWishes }: Pick<ServiceState, 'nodeWishes'>): TaskEnd {
  if (seen.lastStatus !== 'STOPPED') return { type: 'lives' };
  if (seen.endedWith !== undefined) {
    const description = `EC2 has ${seen.hostWas ?? 'terminated'} its host ${seen.endedWith}`;
    return { type: 'proven', asked: true, description };
  }
  const description = describeEnd(seen);
  if (seen.exitCode !== undefined || seen.withoutContainer === true) {
    return { type: 'proven', asked: isAskedStop(seen), description };
  }
  if (seen.stopCode === 'TaskFailedToStart') return { type: 'proven', asked: false, description };
  const word = stopProvenBy({ nodeWishes }, seen);
  return word === undefined
    ? { type: 'not proven', description }
    : {
        type: 'proven',
        asked: false,
        description: `${description}; ${word.requestedBy} has made sure that it is gone`,
      };
}

/** The operator's word that the process of this task is gone, also where ECS no longer knows the task. */
export function stopProvenBy(
  { nodeWishes }: Pick<ServiceState, 'nodeWishes'>,
  { nodeId, taskArn }: Pick<TaskSeen, 'nodeId' | 'taskArn'>,
): StopProven | undefined {
  const word = nodeWishes.find((wish) => wish.nodeId === nodeId)?.stopProven;
  return word?.taskArn === taskArn ? word : undefined;
}

function isAskedStop(seen: TaskSeen): boolean {
  return seen.stopCode === 'UserInitiated' || seen.exitCode === sigtermExitCode;
}

function describeEnd(seen: TaskSeen): string {
  const parts = [
    seen.stopCode,
    seen.stoppedReason,
    seen.exitCode === undefined ? undefined : `exit code ${seen.exitCode}`,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(', ') || 'no reason given';
}
