import {
  type Emit,
  type ModelledService,
  type Programs,
  type Random,
  type SimulatedClock,
  type SimulatedHost,
  simulatedPlace,
} from '../../contract.ts';
import type { Item } from './dynamodb/document-value.ts';
import { dynamodbOperations } from './dynamodb/service.ts';
import { ModelTable } from './dynamodb/table.ts';
import { Instances } from './ec2/instances.ts';
import { Snapshots } from './ec2/snapshots.ts';
import { type Disks, Volumes } from './ec2/volumes.ts';
import { Definitions } from './ecs/definitions.ts';
import { Fleet } from './ecs/fleet.ts';
import { ecsOperations } from './ecs/service.ts';
import { onlyMembers } from './failure.ts';
import { Hosts } from './hosts.ts';
import { lastPart } from './ids.ts';
import { type Call, createModelledService } from './modelled-service.ts';
import {
  type DefinitionSight,
  definitionSight,
  type TaskSight,
  taskSight,
  type VolumeSight,
  volumeSight,
} from './views.ts';

export type { Call } from './modelled-service.ts';
export type { DefinitionSight, TaskSight, VolumeSight } from './views.ts';

export interface AwsModelOptions {
  readonly clock: SimulatedClock;
  readonly random: Random;
  readonly programs: Programs;
  readonly emit: Emit;
  /** Hosts that are there from the beginning. */
  readonly hosts?: readonly SimulatedHost[];
  /** Learns which disks exist; Kafka's model keeps what is on them. */
  readonly disks?: Disks;
}

/** DynamoDB, ECS and EC2 as the product's adapters meet them, and a hand on what happens to hosts, tasks and volumes. */
export interface AwsModels {
  readonly dynamodb: ModelledService;
  readonly ecs: ModelledService;
  readonly ec2: ModelledService;

  /** A running EC2 instance whose agent registers with the cluster at once. */
  addHost(host: SimulatedHost): void;
  /** The instance is terminated: its processes are gone at once, EC2 and ECS tell it some seconds later. */
  loseHost(instanceId: string): void;
  /** The host is without power but `running` for EC2: nobody is told but that its agent is not connected. */
  crashHost(instanceId: string): void;
  /** StopInstances: processes get SIGTERM, then the power goes. */
  stopHost(instanceId: string): void;
  /** StartInstances, or a reboot after a crash; the same instance with the same address. */
  startHost(instanceId: string): void;
  /** ECS calls it DRAINING, or ACTIVE again: no new task is placed there, and the others run on. */
  drainHost(instanceId: string, drains?: boolean): void;
  /** The agent's line is cut; containers go on, ECS keeps showing what it knew. */
  disconnectAgent(instanceId: string): void;
  /** The host leaves the cluster by force: ECS calls its tasks stopped, their containers run on. */
  forgetHost(instanceId: string): void;
  connectAgent(instanceId: string): void;

  /** The container's process dies by SIGKILL. */
  killTask(taskArn: string): void;
  /** The next container that an agent starts does not start, for example for `CannotPullContainerError: timeout`. */
  failNextStart(kind: string): void;
  /** Images take up to so much longer to be pulled; 0 ends that. */
  slowPulls(extraMs: number): void;
  /** Steps of the volume do not end until it is released. */
  stickVolume(volumeId: string): void;
  releaseVolume(volumeId: string): void;
  /** The volume's disk fails for good; EC2 shows it in state `error`, or knows it no more. */
  loseVolume(volumeId: string, how: 'error' | 'forgotten'): void;
  /** Somebody takes a snapshot, which is completed some time later; its id. */
  takeSnapshot(volumeId: string): string;
  /** DescribeVolumes does not know a volume for so long after its creation; 0 ends that. */
  hideFreshVolumes(hiddenForMs: number): void;
  /** Reads that are not consistent show items as they were so long ago; 0 ends that. */
  showStaleReads(staleForMs: number): void;

  /** The table is as in this copy of its items again, as after the restore of a backup. */
  restoreTable(items: readonly Readonly<Item>[]): void;
  /** How often that was done. */
  restores(): number;

  hosts(): readonly SimulatedHost[];
  /** Whether EC2 tells, or told, that the instance is terminated. */
  isTerminated(instanceId: string): boolean;
  /** When EC2 began to tell the last time that the instance is stopped, in epoch milliseconds; undefined: it never did. */
  stoppedAt(instanceId: string): number | undefined;
  tasks(): readonly TaskSight[];
  volumes(): readonly VolumeSight[];
  taskDefinitions(): readonly DefinitionSight[];
  items(): readonly Readonly<Item>[];
  /** The last call, also if it was refused. */
  lastCall(): Call | undefined;
}

const { accountId, region, clusterArn, tableName } = simulatedPlace;
const clusterName = lastPart(clusterArn);
const noDisks: Disks = { createDisk: () => undefined, copyDisk: () => undefined, destroyDisk: () => undefined };

/** Models of the three services over one virtual clock. What takes time is scheduled; how long, the seed decides. */
export function createAwsModels(options: AwsModelOptions): AwsModels {
  const { clock, emit, programs, disks = noDisks } = options;
  const arnPrefix = `arn:aws:ecs:${region}:${accountId}`;
  const journal: { readonly clock: SimulatedClock; last?: Call } = { clock };
  const table = new ModelTable(clock);
  let restores = 0;
  const definitions = new Definitions({ arnPrefix, now: () => clock.now() });
  const fleet = new Fleet({ clock, emit, clusterArn });
  const snapshots = new Snapshots({ clock, random: options.random.fork('snapshots') });
  const volumes: Volumes = new Volumes({
    ...{ clock, disks, snapshots },
    random: options.random.fork('ec2'),
    requireInstance: (id) => instances.require(id),
    isMounted: (id) => hosts.mounting(id).length > 0,
  });
  const instances: Instances = new Instances({
    ...{ clock, emit, accountId, region },
    volumesOf: (id) => volumes.ofInstance(id),
  });
  const hosts: Hosts = new Hosts({
    ...{ clock, programs, fleet, instances, volumes },
    ...{ random: options.random.fork('hosts'), instanceArnPrefix: `${arnPrefix}:container-instance/${clusterName}` },
  });
  const random = options.random.fork('ecs');
  for (const host of options.hosts ?? []) hosts.add(host);
  return {
    dynamodb: createModelledService('dynamodb', dynamodbOperations(table, tableName), journal),
    ecs: createModelledService(
      'ecs',
      ecsOperations({ clock, random, fleet, definitions, arnPrefix, clusterName }),
      journal,
    ),
    ec2: createModelledService(
      'ec2',
      {
        ...{ ...instances.operations, ...volumes.operations },
        DescribeSnapshots: (input: Parameters<Snapshots['describe']>[0]) => snapshots.describe(input),
        TerminateInstances: terminateBy(hosts, instances),
      },
      journal,
    ),
    addHost: (host) => hosts.add(host),
    loseHost: (id) => hosts.lose(id),
    crashHost: (id) => hosts.crash(id),
    stopHost: (id) => hosts.stop(id),
    startHost: (id) => hosts.start(id),
    drainHost: (id, drains = true) => hosts.drain(id, drains),
    disconnectAgent: (id) => hosts.disconnect(id),
    forgetHost: (id) => hosts.forget(id),
    connectAgent: (id) => hosts.connect(id),
    killTask: (arn) => hosts.killTask(arn),
    failNextStart: (kind) => hosts.failNextStart(kind),
    slowPulls: (ms) => hosts.slowPulls(ms),
    stickVolume: (id) => volumes.stick(id),
    releaseVolume: (id) => volumes.release(id),
    loseVolume: (id, how) => volumes.lose(id, how),
    takeSnapshot: (id) => volumes.takeSnapshot(id),
    hideFreshVolumes: (ms) => volumes.hideFresh(ms),
    showStaleReads: (ms) => table.showStale(ms),
    restoreTable: (items) => {
      restores++;
      table.restore(items);
    },
    restores: () => restores,
    hosts: () => hosts.all(),
    isTerminated: (id) => instances.get(id)?.state === 'terminated',
    stoppedAt: (id) => instances.get(id)?.stoppedAt,
    tasks: () => fleet.tasks().map((task) => taskSight(task, hosts)),
    volumes: () => volumes.all().map((volume) => volumeSight(volume, { hosts, volumes })),
    taskDefinitions: () => definitions.all().map(definitionSight),
    items: () => table.all().map((item) => ({ ...item })),
    lastCall: () => journal.last,
  };
}

/** Instances that end are let be. Source: EC2 API reference, TerminateInstances. */
function terminateBy(hosts: Hosts, instances: Instances) {
  return (input: { readonly InstanceIds?: readonly string[]; readonly SkipOsShutdown?: boolean }): object => {
    onlyMembers('ec2 TerminateInstances', input, ['InstanceIds', 'SkipOsShutdown']);
    const before = (input.InstanceIds ?? []).map((id) => instances.require(id));
    for (const { host, state } of before)
      if (state !== 'terminated' && state !== 'shutting-down') hosts.lose(host.instanceId);
    return {
      TerminatingInstances: before.map(({ host, state }) => ({
        InstanceId: host.instanceId,
        PreviousState: { Name: state },
        CurrentState: { Name: instances.require(host.instanceId).state },
      })),
    };
  };
}
