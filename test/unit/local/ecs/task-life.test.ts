import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  connectedHosts,
  launchHosts,
  registerScript,
  removeCloud,
  runOne,
  type SmallCloud,
  startSmallCloud,
  until,
  untilStatus,
} from './small-cloud.ts';

let cloud: SmallCloud;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: 21309, addressPrefix: '127.34' });
  await launchHosts(cloud.call, { zones: ['us-east-1a', 'us-east-1b'], hosts: 1 });
  await connectedHosts(cloud.call, 2);
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

function eventsOf(arn: string) {
  return cloud.events.filter(
    ({ detailType, resources }) => detailType === 'ECS Task State Change' && resources.includes(arn),
  );
}

async function stoppedTask(definition: string, more: object = {}) {
  return untilStatus(cloud.call, await runOne(cloud.call, definition, more), 'STOPPED');
}

describe('the events of a task', () => {
  test('tell each change once, in order, with rising versions and ISO times', async () => {
    const arn = await runOne(cloud.call, await registerScript(cloud.call, 'told', 'exec sleep 60'), {
      startedBy: 'warden/told',
    });
    await untilStatus(cloud.call, arn, 'RUNNING');
    await cloud.call('ecs', 'StopTask', { cluster: 'test', task: arn, reason: 'enough' });
    await untilStatus(cloud.call, arn, 'STOPPED');
    const details = eventsOf(arn).map(({ detail }) => detail);
    const versions = details.map((detail) => detail['version']);
    expect(versions).toEqual(versions.map((_version, index) => index + 1));
    const statuses = details.map((detail) => `${detail['lastStatus']}→${detail['desiredStatus']}`);
    expect([...new Set(statuses)]).toEqual([
      'PENDING→RUNNING',
      'RUNNING→RUNNING',
      'DEACTIVATING→STOPPED',
      'STOPPING→STOPPED',
      'STOPPED→STOPPED',
    ]);
    expect(details.at(-1)).toMatchObject({
      taskArn: arn,
      clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/test',
      group: 'family:told',
      startedBy: 'warden/told',
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      stoppedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      containers: [{ name: 'main', exitCode: 143, lastStatus: 'STOPPED' }],
    });
    expect(details.at(-1)).not.toHaveProperty('healthStatus');
  });
});

describe('a container', () => {
  test('is killed when it does not end within its stop timeout', async () => {
    await cloud.call('logs', 'CreateLogGroup', { logGroupName: '/deaf' });
    const options = { 'awslogs-group': '/deaf', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'deaf' };
    const script = "trap '' TERM; echo deaf; while :; do sleep 0.05; done";
    const definition = await registerScript(cloud.call, 'deaf', script, {
      container: { stopTimeout: 1, logConfiguration: { logDriver: 'awslogs', options } },
    });
    const arn = await runOne(cloud.call, definition);
    // A signal before the trap is set would end it.
    const stream = { logGroupName: '/deaf', logStreamName: `deaf/main/${arn.slice(arn.lastIndexOf('/') + 1)}` };
    await until(
      () => cloud.call('logs', 'GetLogEvents', stream).catch(() => ({ events: [] })),
      ({ events }) => events.length > 0,
    );
    await cloud.call('ecs', 'StopTask', { cluster: 'test', task: arn });
    expect((await untilStatus(cloud.call, arn, 'STOPPED')).containers[0].exitCode).toBe(137);
  });

  test('that depends on the success of another starts after it', async () => {
    const image = 'apache/kafka:4.3.1';
    const shared = [{ sourceVolume: 'shared', containerPath: '/shared' }];
    const { taskDefinition } = await cloud.call('ecs', 'RegisterTaskDefinition', {
      family: 'pair',
      networkMode: 'host',
      volumes: [{ name: 'shared' }],
      containerDefinitions: [
        {
          name: 'first',
          image,
          essential: false,
          memory: 50,
          command: ['bash', '-c', 'sleep 0.1; echo done > /shared/file'],
          mountPoints: shared,
        },
        {
          name: 'main',
          image,
          memory: 50,
          command: ['bash', '-c', 'grep -q done /shared/file'],
          mountPoints: shared,
          dependsOn: [{ containerName: 'first', condition: 'SUCCESS' }],
        },
      ],
    });
    const task = await stoppedTask(taskDefinition.taskDefinitionArn);
    expect(task.containers).toMatchObject([
      { name: 'first', exitCode: 0 },
      { name: 'main', exitCode: 0 },
    ]);
  });

  test('sees the overrides of RunTask', async () => {
    const definition = await registerScript(cloud.call, 'overridden', 'exit 1', {
      container: { environment: [{ name: 'CODE', value: '1' }] },
    });
    const environment = [{ name: 'CODE', value: '42' }];
    const task = await stoppedTask(definition, {
      overrides: {
        containerOverrides: [
          { name: 'main', command: ['bash', '-c', 'exit $CODE'], environment, cpu: 7, memoryReservation: 9 },
        ],
      },
    });
    expect(task).toMatchObject({ cpu: '7', memory: '9', containers: [{ exitCode: 42 }] });
  });

  test('takes down what it left in the background', async () => {
    const task = await stoppedTask(await registerScript(cloud.call, 'litter', 'sleep 4242 & exit 0'));
    expect(task.containers[0].exitCode).toBe(0);
    const { execFileSync } = await import('node:child_process');
    await until(
      async () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }),
      (list) => !list.includes('sleep 4242'),
    );
  });
});

describe('a task that cannot start', () => {
  test.each([
    ['an unknown image', { image: 'nginx:latest' }, 'CannotPullContainerError'],
    ['a version whose jars are missing', { image: 'apache/kafka:1.2.3' }, 'CannotPullContainerError'],
    ['a path outside of the image', { command: ['cat', '/etc/hostname'] }, 'names /etc/hostname'],
    ['a missing program', { command: ['no-such-program'] }, 'executable file not found in $PATH'],
    [
      'a missing log group',
      {
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'none', 'awslogs-region': 'us-east-1' } },
      },
      'failed to initialize logging driver',
    ],
  ])('because of %s says so and has no exit code', async (_name, container, reason) => {
    const task = await stoppedTask(await registerScript(cloud.call, 'broken', 'exit 0', { container }));
    expect(task.stopCode).toBe('TaskFailedToStart');
    expect(task.stoppedReason).toContain(reason);
    expect(task.containers[0]).not.toHaveProperty('exitCode');
  });
});

describe('RunTask', () => {
  test('keeps accounts of CPU, memory and ports until a task is STOPPED', async () => {
    const definition = await registerScript(cloud.call, 'big', 'exec sleep 60', {
      container: { cpu: 0, memoryReservation: 5000, portMappings: [{ containerPort: 21399 }] },
    });
    const { tasks, failures } = await cloud.call('ecs', 'RunTask', {
      cluster: 'test',
      taskDefinition: definition,
      count: 3,
    });
    expect(tasks).toHaveLength(2);
    expect(failures.map(({ reason }: { reason: string }) => reason)).toEqual(['RESOURCE:MEMORY', 'RESOURCE:MEMORY']);
    const [host] = await connectedHosts(cloud.call, 2);
    expect(host.remainingResources.find(({ name }: { name: string }) => name === 'PORTS').stringSetValue).toContain(
      '21399',
    );
    for (const { taskArn } of tasks) await cloud.call('ecs', 'StopTask', { cluster: 'test', task: taskArn });
    for (const { taskArn } of tasks) await untilStatus(cloud.call, taskArn, 'STOPPED');
    const left = (await connectedHosts(cloud.call, 2)).map(({ remainingResources, registeredResources }) => [
      remainingResources,
      registeredResources,
    ]);
    for (const [remaining, registered] of left) expect(remaining).toEqual(registered);
  });

  test.each([
    [
      'overrides that are too long',
      { overrides: { containerOverrides: [{ name: 'main', command: ['x'.repeat(8192)] }] } },
      'at most 8192',
    ],
    [
      'an unknown container in the overrides',
      { overrides: { containerOverrides: [{ name: 'other' }] } },
      'container named other',
    ],
    ['startedBy that is too long', { startedBy: 'x'.repeat(129) }, 'at most 128'],
    ['a client token that is too long', { clientToken: 'x'.repeat(65) }, 'clientToken'],
    ['Fargate', { launchType: 'FARGATE' }, "'FARGATE' is not done"],
    [
      'a capacity provider',
      { capacityProviderStrategy: [{ capacityProvider: 'x' }] },
      'capacityProviderStrategy is not done',
    ],
  ])('refuses %s', async (_name, more, message) => {
    const definition = await registerScript(cloud.call, 'refused', 'exit 0');
    await expect(
      cloud.call('ecs', 'RunTask', { cluster: 'test', taskDefinition: definition, ...more }),
    ).rejects.toThrow(message);
  });

  test('starts nothing on a host that is draining', async () => {
    const hosts = await connectedHosts(cloud.call, 2);
    const containerInstances = hosts.map(({ containerInstanceArn }) => containerInstanceArn);
    await cloud.call('ecs', 'UpdateContainerInstancesState', {
      cluster: 'test',
      containerInstances,
      status: 'DRAINING',
    });
    const definition = await registerScript(cloud.call, 'drained', 'exit 0');
    const { failures } = await cloud.call('ecs', 'RunTask', { cluster: 'test', taskDefinition: definition });
    expect(failures).toHaveLength(2);
    await cloud.call('ecs', 'UpdateContainerInstancesState', { cluster: 'test', containerInstances, status: 'ACTIVE' });
    expect((await stoppedTask(definition)).containers[0].exitCode).toBe(0);
  });
});
