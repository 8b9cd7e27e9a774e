import type { VolumeRecord } from './ec2/records.ts';
import type { Volumes } from './ec2/volumes.ts';
import type { DefinitionRecord, TaskRecord } from './ecs/records.ts';
import type { Hosts } from './hosts.ts';

/** A task, as ECS shows it and as it is. Times in epoch milliseconds. */
export interface TaskSight {
  readonly taskArn: string;
  readonly startedBy?: string;
  readonly group: string;
  readonly instanceId?: string;
  readonly definitionArn: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly version: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  readonly createdAt: number;
  /** Since when its container runs or ran, as far as ECS was told of it. */
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  /** Its agent told of its end, and no container of it was made. */
  readonly withoutContainer: boolean;
  /** Whether its process runs, whatever ECS knows. */
  readonly isAlive: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

/** A volume, as EC2 shows it and as it is. Deleted ones are among them, in state `deleted`. */
export interface VolumeSight {
  readonly id: string;
  readonly zone: string;
  readonly state: string;
  readonly clientToken?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly attachment?: { readonly instanceId: string; readonly state: string; readonly device: string };
  /** What it was made from. */
  readonly snapshotId?: string;
  /** The volume that a host boots from. */
  readonly isRoot: boolean;
  readonly isStuck: boolean;
  /** Tasks whose running containers mount it. */
  readonly mountedBy: readonly string[];
}

export interface DefinitionSight {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly tags: Readonly<Record<string, string>>;
}

export function taskSight(task: TaskRecord, hosts: Hosts): TaskSight {
  const { startedBy, stopCode, stoppedReason, exitCode } = task;
  const instanceId = hosts.hostOf(task.instanceArn)?.instanceId;
  const environment = task.overrides.containerOverrides?.[0]?.environment ?? [];
  return {
    taskArn: task.arn,
    ...(startedBy === undefined ? {} : { startedBy }),
    group: task.group,
    ...(instanceId === undefined ? {} : { instanceId }),
    definitionArn: task.definitionArn,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    version: task.version,
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(stoppedReason === undefined ? {} : { stoppedReason }),
    ...(exitCode === undefined ? {} : { exitCode }),
    createdAt: task.createdAt,
    ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt }),
    ...(task.stoppedAt === undefined ? {} : { stoppedAt: task.stoppedAt }),
    withoutContainer: task.executionStoppedAt !== undefined && task.startedAt === undefined,
    isAlive: hosts.isAlive(task.arn),
    environment: Object.fromEntries(environment.map(({ name = '', value = '' }) => [name, value])),
  };
}

export function volumeSight(
  volume: VolumeRecord,
  { hosts, volumes }: { readonly hosts: Hosts; readonly volumes: Volumes },
): VolumeSight {
  const { attachment, request, snapshotId } = volume;
  const shown = attachment && { instanceId: attachment.instanceId, state: attachment.state, device: attachment.device };
  return {
    id: volume.id,
    zone: volume.zone,
    state: volume.state,
    ...(request === undefined ? {} : { clientToken: request.token }),
    tags: Object.fromEntries(volume.tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(shown === undefined ? {} : { attachment: shown }),
    ...(snapshotId === undefined ? {} : { snapshotId }),
    isRoot: attachment?.isRoot === true,
    isStuck: volumes.isStuck(volume.id),
    mountedBy: hosts.mounting(volume.id),
  };
}

export function definitionSight({ arn, family, revision, status, tags }: DefinitionRecord): DefinitionSight {
  const named = Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  return { arn, family, revision, status, tags: named };
}
