import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs';
import { CreateStateMachineCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEc2Hosts } from '../../../lib/aws/ec2-hosts.ts';
import { createEc2Volumes } from '../../../lib/aws/ec2-volumes.ts';
import { createEcsTasks } from '../../../lib/aws/ecs-tasks.ts';
import { createSfnPlanRunner } from '../../../lib/aws/sfn-plan-runner.ts';
import type { TaskDefinitionSpec } from '../../../lib/model/broker/task-definition.ts';
import type { PlanRunner } from '../../../lib/ports/plan-runner.ts';
import type { Tasks } from '../../../lib/ports/tasks.ts';
import type { Volumes } from '../../../lib/ports/volumes.ts';
import { createCloud, type RunningCloud } from '../../../local/core/create-cloud.ts';
import { createEc2Service } from '../../../local/ec2/service.ts';
import { createEcsService } from '../../../local/ecs/service.ts';
import { createStepfunctionsService } from '../../../local/stepfunctions/service.ts';

/** The adapters over the wire, on an endpoint that checks requests and answers by the SDK's own schemas. */
const port = 21_620;
const environment = {
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
};
const machinePrefix = 'arn:aws:states:us-east-1:000000000000:stateMachine:Warden-';
const before = { ...process.env };

let folder: string;
let cloud: RunningCloud;
let plans: PlanRunner;
let tasks: Tasks;
let volumes: Volumes;
let sfn: SFNClient;
let ecs: ECSClient;

beforeAll(async () => {
  Object.assign(process.env, environment);
  folder = mkdtempSync(join(tmpdir(), 'warden-adapters-'));
  cloud = await createCloud({
    dataFolder: folder,
    optFolder: join(folder, 'opt'),
    port,
    services: [createEc2Service, createEcsService, createStepfunctionsService],
    log: () => undefined,
  });
  sfn = new SFNClient({});
  ecs = new ECSClient({});
  const wait = { Type: 'Wait', Seconds: 3600, End: true };
  const definition = { QueryLanguage: 'JSONata', StartAt: 'Wait', States: { Wait: wait } };
  const roleArn = 'arn:aws:iam::000000000000:role/Plans';
  await sfn.send(
    new CreateStateMachineCommand({ name: 'Warden-deploy', definition: JSON.stringify(definition), roleArn }),
  );
  const cluster = await ecs.send(new CreateClusterCommand({ clusterName: 'Warden' }));
  const clusterArn = cluster.cluster?.clusterArn ?? '';
  plans = createSfnPlanRunner({ machinePrefix });
  tasks = createEcsTasks({ clusterArn });
  volumes = createEc2Volumes();
  expect(await createEc2Hosts({ clusterArn }).list()).toEqual([]);
}, 30_000);

afterAll(async () => {
  sfn.destroy();
  ecs.destroy();
  await cloud.close();
  rmSync(folder, { recursive: true });
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
});

describe('the plan runner on Step Functions', () => {
  test('starts an execution once by its name, while it runs and after its end', async () => {
    const arn = plans.arnOf('deploy', 'run-1');
    expect(arn).toBe('arn:aws:states:us-east-1:000000000000:execution:Warden-deploy:run-1');
    expect(await plans.status(arn)).toEqual({ type: 'unknown' });
    expect(await plans.start('deploy', 'run-1', { v: 1 })).toBe(arn);
    expect(await plans.start('deploy', 'run-1', { v: 1 })).toBe(arn);
    expect(await plans.status(arn)).toEqual({ type: 'running' });
    await sfn.send(new StopExecutionCommand({ executionArn: arn }));
    expect(await plans.status(arn)).toMatchObject({ type: 'ended', succeeded: false, endedAt: expect.any(Number) });
    expect(await plans.start('deploy', 'run-1', { v: 1 })).toBe(arn);
  });

  test('answers false for a token that nobody waits with', async () => {
    expect(await plans.answer('nobody', { type: 'done', output: {} })).toBe(false);
    expect(await plans.answer('nobody', { type: 'look again', cause: 'why' })).toBe(false);
  });

  test('throws a PlanRunnerError where there is no such machine', async () => {
    await expect(plans.start('recover', 'run-1', {})).rejects.toMatchObject({
      ...{ name: 'PlanRunnerError', code: 'WARDEN_PLAN_RUNNER', retriable: false },
    });
  });
});

describe('the tasks on ECS', () => {
  const definition: TaskDefinitionSpec = {
    ...{ family: 'warden-kafka-kafka-0-broker', containerName: 'kafka', image: 'apache/kafka:4.3.1' },
    ...{ entryPoint: ['bash', '-c'], command: ['exit 78'], cpuUnits: 256, memoryReservationMiB: 512, ports: [9092] },
    ...{
      stopTimeoutSeconds: 300,
      openFiles: { soft: 1024, hard: 1024 },
      privileged: false,
      dockerLabels: {},
      tags: { 'warden:node': '0' },
    },
    ...{ logGroup: '/warden', logRegion: 'us-east-1', logStreamPrefix: 'kafka' },
    mount: { device: '/dev/disk/by-id/x', containerPath: '/var/lib/kafka/data', fileSystem: 'xfs' },
  };

  test('register a definition once as long as it stays the same, and deregister the whole family and no other', async () => {
    const first = await tasks.ensureTaskDefinition(definition);
    expect(first).toMatch(/:task-definition\/warden-kafka-kafka-0-broker:1$/);
    expect(await tasks.ensureTaskDefinition(definition)).toBe(first);
    expect(await tasks.ensureTaskDefinition({ ...definition, ports: [9094] })).toMatch(/:2$/);
    const other = await tasks.ensureTaskDefinition({ ...definition, family: 'warden-kafka-kafka-0-broker-2' });
    await tasks.deregisterFamily(definition.family);
    await tasks.deregisterFamily(definition.family);
    expect(await tasks.ensureTaskDefinition({ ...definition, family: 'warden-kafka-kafka-0-broker-2' })).toBe(other);
    expect(await tasks.ensureTaskDefinition(definition)).toMatch(/:3$/);
  });

  test('tell what ECS says of a cluster without hosts, and know no task that was never there', async () => {
    const taskDefinitionArn = await tasks.ensureTaskDefinition(definition);
    const result = tasks.run({
      ...{ taskDefinitionArn, containerName: 'kafka', instanceId: 'i-0123456789abcdef0', clientToken: 'token-1' },
      ...{ startedBy: 'warden/kafka/0/node/1', group: 'warden:kafka', command: ['true'], environment: { A: '1' } },
      ...{ cpuUnits: 256, memoryReservationMiB: 512, tags: {} },
    });
    await expect(result).rejects.toMatchObject({
      ...{
        name: 'TasksError',
        retriable: false,
        message: expect.stringContaining('No Container Instances were found'),
      },
    });
    expect(await tasks.listStartedBy('warden/kafka/0/node/1')).toEqual([]);
    expect(await tasks.describeMany([])).toEqual([]);
    expect(await tasks.listRunning(10)).toEqual({ taskArns: [], hasMore: false });
    const arn = 'arn:aws:ecs:us-east-1:000000000000:task/Warden/0123456789abcdef0123456789abcdef';
    expect(await tasks.describe(arn)).toBeUndefined();
  });
});

describe('the volumes on EC2', () => {
  test('are created once by their token, described, and removed twice without harm', async () => {
    const request = { zone: 'us-east-1a', sizeGiB: 5, clientToken: 'cluster-0-volume-1', tags: { 'warden:node': '0' } };
    const id = await volumes.create(request);
    expect(await volumes.create(request)).toBe(id);
    expect(await volumes.describe(id)).toMatchObject({ id, zone: 'us-east-1a' });
    await volumes.detach(id);
    await expect(volumes.create({ ...request, sizeGiB: 6 })).rejects.toMatchObject({
      name: 'VolumesError',
      retriable: false,
    });
    expect(await volumes.remove(id)).toBe(true);
    expect(await volumes.remove(id)).toBe(false);
    expect(await volumes.describe('vol-0123456789abcdef0')).toBeUndefined();
  });

  test('are found by their tags, and all that are ours up to a bound', async () => {
    const make = (name: string, tags: Readonly<Record<string, string>>) =>
      volumes.create({ zone: 'us-east-1a', sizeGiB: 5, clientToken: `token-${name}`, tags });
    const first = await make('a', { 'warden:service': 'kafka', 'warden:node': '0' });
    const second = await make('b', { 'warden:service': 'kafka', 'warden:node': '1' });
    await make('c', { 'somebody:else': 'x', 'warden:node': '0' });
    const ids = (views: readonly { readonly id: string }[]) => views.map(({ id }) => id).sort();
    expect(ids(await volumes.listTagged({ 'warden:service': 'kafka', 'warden:node': '0' }))).toEqual([first]);
    const all = await volumes.listAll(10);
    expect([ids(all.volumes), all.hasMore]).toEqual([[first, second].sort(), false]);
    expect(all.volumes.find(({ id }) => id === second)?.tags).toEqual({
      'warden:service': 'kafka',
      'warden:node': '1',
    });
    const some = await volumes.listAll(1);
    expect([some.volumes.length, some.hasMore]).toEqual([1, true]);
  });
});
