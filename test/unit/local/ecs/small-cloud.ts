import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAutoscalingService } from '../../../../local/autoscaling/service.ts';
import { createCloud } from '../../../../local/core/create-cloud.ts';
import type { AwsEvent, CallFunction, LocalService } from '../../../../local/core/service.ts';
import { createEc2Service } from '../../../../local/ec2/service.ts';
import { createEcsService } from '../../../../local/ecs/service.ts';
import { hostFolder } from '../../../../local/hosts/host-folder.ts';
import { cutOffHost } from '../../../../local/hosts/power.ts';
import { createLogsService } from '../../../../local/logs/service.ts';

const OPT_FOLDER = fileURLToPath(new URL('../../../../.warden/opt', import.meta.url));

/** A cloud of EC2, Auto Scaling, ECS and Logs, with what it emitted. */
export interface SmallCloud {
  readonly dataFolder: string;
  readonly call: CallFunction;
  readonly events: AwsEvent[];
  /** The graceful stop. */
  readonly close: () => Promise<void>;
}

export interface SmallCloudOptions {
  readonly port: number;
  readonly addressPrefix: string;
  readonly dataFolder?: string;
}

/** Its hosts listen on addresses of their own, so that tests do not meet. */
export async function startSmallCloud(options: SmallCloudOptions): Promise<SmallCloud> {
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'hosts-'));
  const events: AwsEvent[] = [];
  const bus: LocalService = { name: 'events', handlers: {}, accept: (event) => void events.push(event) };
  const { cloud, close } = await createCloud({
    dataFolder,
    optFolder: OPT_FOLDER,
    port: options.port,
    services: [
      (shared) => createEc2Service(shared, { addressPrefix: options.addressPrefix }),
      createAutoscalingService,
      createEcsService,
      createLogsService,
      () => bus,
    ],
    log: () => undefined,
  });
  return { dataFolder, call: cloud.call, events, close };
}

/** A VPC with one subnet, launch template and group of `hosts` hosts per zone, all in the cluster `test`. */
export async function launchHosts(
  call: CallFunction,
  wanted: { readonly zones: readonly string[]; readonly hosts: number },
): Promise<void> {
  await call('ecs', 'CreateCluster', { clusterName: 'test' });
  const { Vpc } = await call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' });
  const userData = '#!/bin/bash\ncat >> /etc/ecs/ecs.config <<"EOF"\nECS_CLUSTER=test\nEOF';
  const template = {
    LaunchTemplateName: 'hosts',
    LaunchTemplateData: {
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 'm7g.large',
      UserData: Buffer.from(userData).toString('base64'),
    },
  };
  const { LaunchTemplate } = await call('ec2', 'CreateLaunchTemplate', template);
  for (const [index, zone] of wanted.zones.entries()) {
    const { Subnet } = await call('ec2', 'CreateSubnet', {
      VpcId: Vpc.VpcId,
      CidrBlock: `10.0.${index}.0/24`,
      AvailabilityZone: zone,
    });
    await call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: `hosts-${zone}`,
      LaunchTemplate: { LaunchTemplateId: LaunchTemplate.LaunchTemplateId, Version: '1' },
      MinSize: wanted.hosts,
      MaxSize: wanted.hosts,
      VPCZoneIdentifier: Subnet.SubnetId,
    });
  }
}

/** Resolves to the first answer that fits, asked for again and again; the runner's timeout is the limit. */
export async function until<Answer>(ask: () => Promise<Answer>, fits: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the wire, checked by the cloud's own schemas
type Answer = any;

/** Waits until so many hosts are connected, and answers them. */
export async function connectedHosts(call: CallFunction, count: number): Promise<Answer[]> {
  const list = async (): Promise<Answer[]> => {
    const { containerInstanceArns } = await call('ecs', 'ListContainerInstances', { cluster: 'test' });
    if (containerInstanceArns.length === 0) return [];
    const described = await call('ecs', 'DescribeContainerInstances', {
      cluster: 'test',
      containerInstances: containerInstanceArns,
    });
    return described.containerInstances;
  };
  return until(list, (hosts) => hosts.filter(({ agentConnected }) => agentConnected).length === count);
}

export async function describeTask(call: CallFunction, taskArn: string): Promise<Answer> {
  const { tasks } = await call('ecs', 'DescribeTasks', { cluster: 'test', tasks: [taskArn] });
  return tasks[0];
}

export function untilStatus(call: CallFunction, taskArn: string, status: string): Promise<Answer> {
  return until(
    () => describeTask(call, taskArn),
    ({ lastStatus }) => lastStatus === status,
  );
}

/** A task definition of one container that runs a line of bash on the Kafka image. */
export async function registerScript(
  call: CallFunction,
  family: string,
  script: string,
  more: object = {},
): Promise<string> {
  const { container = {}, ...task } = more as { readonly container?: object };
  const { taskDefinition } = await call('ecs', 'RegisterTaskDefinition', {
    family,
    networkMode: 'host',
    containerDefinitions: [
      {
        name: 'main',
        image: 'apache/kafka:4.3.1',
        memoryReservation: 100,
        cpu: 100,
        command: ['bash', '-c', script],
        stopTimeout: 5,
        ...container,
      },
    ],
    ...task,
  });
  return taskDefinition.taskDefinitionArn;
}

export async function runOne(call: CallFunction, taskDefinition: string, more: object = {}): Promise<string> {
  const { tasks, failures } = await call('ecs', 'RunTask', { cluster: 'test', taskDefinition, ...more });
  if (tasks.length !== 1) throw new Error(`RunTask refused: ${JSON.stringify(failures)}`);
  return tasks[0].taskArn;
}

/** The lines of a host's agent that tell of processes it started. */
export function startedLines(dataFolder: string, instanceId: string): string[] {
  const log = readFileSync(join(hostFolder(dataFolder, instanceId), 'agent.log'), 'utf8');
  return log.split('\n').filter((line) => / started /.test(line));
}

/** Ends every process of the cloud's hosts and removes its folder. */
export async function removeCloud(cloud: SmallCloud): Promise<void> {
  const { Reservations } = await cloud.call('ec2', 'DescribeInstances', {});
  await cloud.close();
  for (const { Instances } of Reservations)
    for (const { InstanceId } of Instances) await cutOffHost(cloud.dataFolder, InstanceId);
  rmSync(cloud.dataFolder, { recursive: true, force: true });
}
