import { CreateVolumeCommand, DescribeVolumesCommand, type Volume } from '@aws-sdk/client-ec2';
import {
  type ContainerDefinition,
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type RunTaskCommandOutput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { expect } from '@jest/globals';
import { type AwsSubject, freshName, type SuiteHost } from './aws-subject.ts';

type Definition = Partial<Omit<RegisterTaskDefinitionCommandInput, 'containerDefinitions'>>;

/** Registers a task of one container that runs a line of bash; answers its ARN. */
export async function register(
  subject: AwsSubject,
  script: string,
  more: { readonly definition?: Definition; readonly container?: ContainerDefinition } = {},
): Promise<string> {
  const answer = await subject.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: freshName('family'),
      networkMode: 'host',
      requiresCompatibilities: ['EC2'],
      containerDefinitions: [
        {
          ...{ name: 'main', image: 'apache/kafka:4.3.1', essential: true, cpu: 100, memoryReservation: 100 },
          ...{ command: ['bash', '-c', script], stopTimeout: 2, ...more.container },
        },
      ],
      ...more.definition,
    }),
  );
  return answer.taskDefinition?.taskDefinitionArn ?? '';
}

/** RunTask pinned to a host, the first one unless another is given. */
export function runTask(
  subject: AwsSubject,
  taskDefinition: string,
  { host = subject.hosts[0], ...more }: Partial<RunTaskCommandInput> & { readonly host?: SuiteHost } = {},
): Promise<RunTaskCommandOutput> {
  const expression = `ec2InstanceId in ['${host.instanceId}']`;
  return subject.ecs.send(
    new RunTaskCommand({
      ...{ cluster: subject.cluster, taskDefinition, launchType: 'EC2', count: 1 },
      ...{ placementConstraints: [{ type: 'memberOf', expression }], ...more },
    }),
  );
}

export async function runOne(...request: Parameters<typeof runTask>): Promise<string> {
  const answer = await runTask(...request);
  expect(answer.failures).toEqual([]);
  return answer.tasks?.[0]?.taskArn ?? '';
}

/** A running task. */
export async function runningTask(...request: Parameters<typeof runTask>): Promise<string> {
  const arn = await runOne(...request);
  await untilStatus(request[0], arn, 'RUNNING');
  return arn;
}

export async function describeTask({ ecs, cluster }: AwsSubject, arn: string): Promise<Task | undefined> {
  return (await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }))).tasks?.[0];
}

export async function untilStatus(subject: AwsSubject, arn: string, status: string): Promise<Task> {
  const task = await subject.waitFor(
    () => describeTask(subject, arn),
    (seen) => seen?.lastStatus === status,
  );
  return task ?? {};
}

export async function stopTask({ ecs, cluster }: AwsSubject, task: string, reason = 'enough'): Promise<Task> {
  return (await ecs.send(new StopTaskCommand({ cluster, task, reason }))).task ?? {};
}

/** What the events told of a task, in their order. */
export function taskEvents(subject: AwsSubject, arn: string): readonly Record<string, unknown>[] {
  return subject
    .events()
    .filter(({ detailType, resources }) => detailType === 'ECS Task State Change' && resources.includes(arn))
    .map(({ detail }) => detail as Record<string, unknown>);
}

/** The container instance of a host; undefined when none is registered. */
export async function containerInstance(
  { ecs, cluster }: AwsSubject,
  host: SuiteHost,
): Promise<ContainerInstance | undefined> {
  const { containerInstanceArns: arns = [] } = await ecs.send(new ListContainerInstancesCommand({ cluster }));
  if (arns.length === 0) return undefined;
  const answer = await ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances: arns }));
  return answer.containerInstances?.find(({ ec2InstanceId }) => ec2InstanceId === host.instanceId);
}

/** What is left of a host: CPU units, MiB, and the ports that are taken beside those of the system. */
export async function remaining(subject: AwsSubject, host: SuiteHost) {
  const resources = (await containerInstance(subject, host))?.remainingResources ?? [];
  const find = (name: string) => resources.find((resource) => resource.name === name);
  const ports = (find('PORTS')?.stringSetValue ?? []).map(Number);
  return {
    cpu: find('CPU')?.integerValue ?? 0,
    memoryMiB: find('MEMORY')?.integerValue ?? 0,
    ports: ports.filter((port) => port > 2400 && port < 51_000),
  };
}

export async function describeVolume({ ec2 }: AwsSubject, volumeId: string): Promise<Volume> {
  return (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [volumeId] }))).Volumes?.[0] ?? {};
}

/** A volume of gp3 in a host's zone that can be attached. */
export async function availableVolume(subject: AwsSubject, zone = 'us-east-1a'): Promise<string> {
  const created = await subject.ec2.send(
    new CreateVolumeCommand({ AvailabilityZone: zone, Size: 1, VolumeType: 'gp3', Encrypted: true }),
  );
  const id = created.VolumeId ?? '';
  await subject.waitFor(
    () => describeVolume(subject, id),
    ({ State }) => State === 'available',
  );
  return id;
}
