import { podName } from '../node.ts';
import type { NodeVolume } from '../node-volume.ts';
import type { NodeGoal, NodeHost } from '../state.ts';

/** A process of the node that lives. */
export interface LivingTask {
  readonly taskArn: string;
  readonly attempt: number;
  readonly containerInstanceArn?: string;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
}

/** A volume that carries the node's tags. */
export interface OwnVolume {
  readonly id: string;
  readonly generation: number;
  readonly zone: string;
  readonly sizeGiB?: number;
  /** Where it is attached. */
  readonly instanceId?: string;
}

export interface World {
  readonly tasks: readonly LivingTask[];
  readonly volumes: readonly OwnVolume[];
  readonly hosts: readonly NodeHost[];
}

export type Adoption =
  | { readonly type: 'nothing newer' }
  | { readonly type: 'adopted'; readonly goal: NodeGoal }
  /** It would have to be guessed. */
  | { readonly type: 'refused'; readonly why: string };

/**
 * The lost part of the table may have counted preparations that nothing shows any more, and ECS answers a number of the
 * last day with the task of that time: so many numbers are passed over.
 */
const skippedPreparations = 100;

/**
 * What a node is, by what the cloud has of it, where its record is older: its one process becomes the newest try, the
 * volume under that process its volume, and numbers go on above the highest. A volume is never formatted after that, since
 * nobody knows what is on it. Nothing is guessed: two that claim to be the same are a person's to tell apart.
 */
export function adoptionOf(goal: NodeGoal, { tasks, volumes, hosts }: World): Adoption {
  const pod = podName(goal.nodeId);
  const [task, another] = tasks;
  if (task !== undefined && another !== undefined) {
    return refused(
      `${tasks.map(({ taskArn }) => taskArn).join(' and ')} both claim to be ${pod}; stop those that do not serve by hand`,
    );
  }
  const isNewerTask = task !== undefined && task.attempt > goal.attempt;
  const highest = Math.max(0, ...volumes.map(({ generation }) => generation));
  if (!isNewerTask && highest <= (goal.volume?.generation ?? 0)) return { type: 'nothing newer' };
  return task === undefined ? ofVolume(goal, { volumes, hosts }, highest) : ofTask(goal, task, { volumes, hosts });
}

function ofTask(goal: NodeGoal, task: LivingTask, { volumes, hosts }: Omit<World, 'tasks'>): Adoption {
  const { taskArn, attempt, containerInstanceArn, createdAt = 0 } = task;
  const host = hosts.find((candidate) => candidate.containerInstanceArn === containerInstanceArn);
  if (host === undefined) return refused(`the host of ${taskArn}, ${containerInstanceArn}, is not registered now`);
  const attached = volumes.filter(({ instanceId }) => instanceId === host.instanceId);
  const [volume, second] = attached;
  if (volume === undefined)
    return refused(`no volume of the node is attached to ${host.instanceId}, where ${taskArn} runs`);
  if (second !== undefined) {
    return refused(
      `${attached.map(({ id }) => id).join(' and ')} are both attached to ${host.instanceId}; detach the one that is not used by hand`,
    );
  }
  const launch = {
    attempt,
    request: JSON.stringify({ adopted: taskArn, instanceId: host.instanceId }),
    requestedAt: createdAt,
    taskArn,
  };
  const failures = { count: 0, lastAttempt: attempt - 1 };
  return {
    type: 'adopted',
    goal: { ...onHost(goal, host, volume), attempt, launch, failures },
  };
}

/** Nothing runs: the node is started anew, with its newest data. */
function ofVolume(goal: NodeGoal, { volumes, hosts }: Omit<World, 'tasks'>, highest: number): Adoption {
  const [volume, second] = volumes.filter(({ generation }) => generation === highest);
  if (volume === undefined || second !== undefined) {
    return refused(
      `${volumes.map(({ id }) => id).join(' and ')} are all generation ${highest} of the node; delete those that hold no data by hand`,
    );
  }
  const host = hosts.find(({ instanceId }) => instanceId === (volume.instanceId ?? goal.host?.instanceId));
  if (host !== undefined && host.zone === volume.zone) return { type: 'adopted', goal: onHost(goal, host, volume) };
  // In the zone of its volume another host is chosen.
  const { host: _another, ...rest } = onHost(goal, host, volume);
  return { type: 'adopted', goal: rest };
}

function onHost(goal: NodeGoal, host: NodeHost | undefined, volume: OwnVolume): NodeGoal {
  const { generation, id, zone, sizeGiB = goal.volume?.sizeGiB ?? 1 } = volume;
  const isPrepared = host !== undefined && volume.instanceId === host.instanceId;
  const kept: NodeVolume = {
    ...{ generation, id, zone, sizeGiB, fileSystemMade: true, kafkaFormatted: true },
    ...(isPrepared ? { preparedOn: host.instanceId } : {}),
  };
  // What an older table says of volumes that nobody needs any more may not be true.
  const { inSyncSince: _ofTheRecordedRun, discarded: _doubtful, preparation, ...rest } = goal;
  const number = (preparation?.attempt ?? 0) + skippedPreparations;
  return {
    ...rest,
    ...(host === undefined ? {} : { host }),
    volume: kept,
    preparation: { attempt: number, request: '{}', requestedAt: 0, refused: true },
  };
}

function refused(why: string): Adoption {
  return { type: 'refused', why };
}
