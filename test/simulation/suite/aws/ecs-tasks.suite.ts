import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { type AwsSubject, freshName, scripts } from './aws-subject.ts';
import {
  describeTask,
  register,
  remaining,
  runningTask,
  runOne,
  runTask,
  stopTask,
  taskEvents,
  untilStatus,
} from './ecs-steps.ts';

/** The states in the order in which tasks go through them. */
const order = ['PENDING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'STOPPED'];

/** Tasks of ECS: their life, their placement, their tokens. */
export function describeTasks(open: () => AwsSubject): void {
  const list = async (startedBy: string, desiredStatus: 'RUNNING' | 'STOPPED') => {
    const { ecs, cluster } = open();
    return (await ecs.send(new ListTasksCommand({ cluster, startedBy, desiredStatus }))).taskArns;
  };
  const stopped = (arn: string) => untilStatus(open(), arn, 'STOPPED');

  describe('the life of a task', () => {
    test('goes from PENDING through RUNNING to STOPPED and is told by events of rising versions', async () => {
      const startedBy = `warden/${freshName('life')}`;
      const arn = await runOne(open(), await register(open(), scripts.sleeps), { startedBy, group: 'warden:life' });
      expect(await describeTask(open(), arn)).toMatchObject({
        taskArn: arn,
        desiredStatus: 'RUNNING',
        launchType: 'EC2',
      });
      await untilStatus(open(), arn, 'RUNNING');
      expect(await stopTask(open(), arn)).toMatchObject({ lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' });
      const task = await stopped(arn);
      expect(task).toMatchObject({
        ...{ stopCode: 'UserInitiated', stoppedReason: 'enough', startedBy, group: 'warden:life' },
        containers: [{ name: 'main', lastStatus: 'STOPPED', exitCode: 143 }],
      });
      const details = taskEvents(open(), arn);
      const versions = details.map(({ version }) => Number(version));
      expect(versions).toEqual(versions.toSorted((left, right) => left - right));
      expect(new Set(versions).size).toBe(versions.length);
      expect(versions.at(-1)).toBe(task.version);
      const statuses = [...new Set(details.map(({ lastStatus }) => String(lastStatus)))];
      expect(statuses).toEqual(order.filter((status) => statuses.includes(status)));
      expect(statuses).toEqual(expect.arrayContaining(['PENDING', 'RUNNING', 'DEACTIVATING', 'STOPPED']));
      expect(details.at(-1)).toMatchObject({
        ...{ taskArn: arn, startedBy, group: 'warden:life', lastStatus: 'STOPPED', stopCode: 'UserInitiated' },
        clusterArn: expect.stringMatching(/:cluster\//),
        stoppedAt: task.stoppedAt?.toISOString(),
        containers: [{ name: 'main', exitCode: 143 }],
      });
      expect(details.at(-1)).not.toHaveProperty('tags');
      expect(details.at(-1)).not.toHaveProperty('healthStatus');
    });

    test('ends with its container and keeps the exit code', async () => {
      expect(await stopped(await runOne(open(), await register(open(), scripts.endsWith7)))).toMatchObject({
        ...{ stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
        ...{ desiredStatus: 'STOPPED', containers: [{ exitCode: 7 }] },
      });
    });

    test('ends with 0 for a program that answers SIGTERM', async () => {
      const arn = await runningTask(open(), await register(open(), scripts.endsOnTerm));
      await stopTask(open(), arn);
      expect((await stopped(arn)).containers).toMatchObject([{ exitCode: 0 }]);
    });

    test('ends with 137 for a program that does not answer SIGTERM in time', async () => {
      const container = { stopTimeout: 1 };
      const arn = await runningTask(open(), await register(open(), scripts.ignoresTerm, { container }));
      await stopTask(open(), arn);
      expect(await stopped(arn)).toMatchObject({ stopCode: 'UserInitiated', containers: [{ exitCode: 137 }] });
    });

    test('ends with 137 when its process is killed', async () => {
      const arn = await runningTask(open(), await register(open(), scripts.sleeps));
      open().killTask(open().hosts[0], arn);
      expect(await stopped(arn)).toMatchObject({
        stopCode: 'EssentialContainerExited',
        containers: [{ exitCode: 137 }],
      });
    });

    test('is stopped for the reason that was given first', async () => {
      const arn = await runningTask(open(), await register(open(), scripts.sleeps));
      await stopTask(open(), arn, 'first');
      await stopTask(open(), arn, 'second');
      await stopped(arn);
      expect(await stopTask(open(), arn, 'third')).toMatchObject({ stoppedReason: 'first', lastStatus: 'STOPPED' });
    });

    test('ends without an exit code when the volume that it mounts is not attached', async () => {
      const device = '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0';
      const driverOpts = { type: 'xfs', device, o: 'noatime' };
      const arn = await runOne(
        open(),
        await register(open(), scripts.sleeps, {
          definition: {
            volumes: [{ name: 'data', dockerVolumeConfiguration: { scope: 'task', driver: 'local', driverOpts } }],
          },
          container: { mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] },
        }),
      );
      const task = await stopped(arn);
      expect(task).toMatchObject({
        stopCode: 'TaskFailedToStart',
        stoppedReason: expect.stringContaining(
          'CannotCreateContainerError: Error response from daemon: failed to mount local volume',
        ),
      });
      expect(task.containers?.[0]?.exitCode).toBeUndefined();
      expect(task.startedAt).toBeUndefined();
    });
  });

  describe('a client token of RunTask', () => {
    test('finds the task of the first time, also after its end', async () => {
      const definition = await register(open(), scripts.sleeps);
      const request = { clientToken: freshName('token'), startedBy: 'warden/token' };
      const arn = await runningTask(open(), definition, request);
      expect(await runOne(open(), definition, request)).toBe(arn);
      await stopTask(open(), arn);
      await stopped(arn);
      const again = await runTask(open(), definition, request);
      expect(again.tasks).toMatchObject([{ taskArn: arn, lastStatus: 'STOPPED' }]);
    });

    test('conflicts with a request that asks for something else, and names the task', async () => {
      const definition = await register(open(), scripts.sleeps);
      const clientToken = freshName('token');
      const arn = await runOne(open(), definition, { clientToken, startedBy: 'warden/one' });
      await expect(runTask(open(), definition, { clientToken, startedBy: 'warden/two' })).rejects.toMatchObject({
        name: 'ConflictException',
        resourceIds: [arn],
      });
      await stopTask(open(), arn);
      await stopped(arn);
    });

    test('is free again when nothing was started under it', async () => {
      const definition = await register(open(), scripts.sleeps);
      const clientToken = freshName('token');
      const tooLarge = { containerOverrides: [{ name: 'main', memoryReservation: 100_000 }] };
      const refused = await runTask(open(), definition, { clientToken, overrides: tooLarge });
      expect(refused.tasks).toEqual([]);
      const arn = await runOne(open(), definition, { clientToken });
      await stopTask(open(), arn);
      await stopped(arn);
    });
  });

  describe('the placement of a task', () => {
    test('takes CPU, memory and ports of the host until the task is STOPPED', async () => {
      const host = open().hosts[1];
      const before = await remaining(open(), host);
      const portMappings = [{ containerPort: 19_092 }, { containerPort: 19_093 }];
      const definition = await register(open(), scripts.ignoresTerm, { container: { portMappings, stopTimeout: 600 } });
      const containerOverrides = [{ name: 'main', cpu: 300, memoryReservation: 500 }];
      const arn = await runOne(open(), definition, { host, overrides: { containerOverrides } });
      const taken = { cpu: before.cpu - 300, memoryMiB: before.memoryMiB - 500, ports: [19_092, 19_093] };
      expect(await remaining(open(), host)).toEqual(taken);
      await untilStatus(open(), arn, 'RUNNING');
      await stopTask(open(), arn);
      expect(await remaining(open(), host)).toEqual(taken);
      expect((await runTask(open(), definition, { host })).failures).toMatchObject([{ reason: 'RESOURCE:PORTS' }]);
      open().killTask(host, arn);
      await stopped(arn);
      expect(await remaining(open(), host)).toEqual(before);
    });

    test.each([
      ['memory', { memoryReservation: 100_000 }, 'RESOURCE:MEMORY'],
      ['CPU', { cpu: 100_000 }, 'RESOURCE:CPU'],
    ])('is refused without an error where the host lacks %s', async (_what, override, reason) => {
      const definition = await register(open(), scripts.sleeps);
      const overrides = { containerOverrides: [{ name: 'main', ...override }] };
      const answer = await runTask(open(), definition, { overrides });
      expect(answer.tasks).toEqual([]);
      expect(answer.failures).toMatchObject([{ reason, arn: expect.stringContaining(':container-instance/') }]);
    });

    test('is refused by every host where the constraint lets none through', async () => {
      const elsewhere = { instanceId: 'i-0123456789abcdef0', zone: 'us-east-1a' };
      const answer = await runTask(open(), await register(open(), scripts.sleeps), { host: elsewhere });
      expect(answer.tasks).toEqual([]);
      expect(answer.failures?.length).toBeGreaterThan(1);
      expect([...new Set(answer.failures?.map(({ reason }) => reason))]).toEqual([
        'MemberOf placement constraint unsatisfied.',
      ]);
    });
  });

  describe('a request about tasks', () => {
    test('lists tasks by who started them and by where they are going', async () => {
      const startedBy = `warden/${freshName('listed')}`;
      const arn = await runningTask(open(), await register(open(), scripts.sleeps), { startedBy });
      expect(await list(startedBy, 'RUNNING')).toEqual([arn]);
      expect(await list(startedBy, 'STOPPED')).toEqual([]);
      await stopTask(open(), arn);
      expect(await list(startedBy, 'RUNNING')).toEqual([]);
      expect(await list(startedBy, 'STOPPED')).toEqual([arn]);
      await stopped(arn);
      expect(await list(startedBy, 'STOPPED')).toEqual([arn]);
    });

    test('lists tasks by their family', async () => {
      const [definition, other] = [await register(open(), scripts.sleeps), await register(open(), scripts.sleeps)];
      const [arn] = [await runningTask(open(), definition), await runningTask(open(), other)];
      const family = definition.split('/').at(-1)?.split(':')[0];
      const { ecs, cluster } = open();
      expect((await ecs.send(new ListTasksCommand({ cluster, family }))).taskArns).toEqual([arn]);
    });

    test('says which tasks it does not know', async () => {
      const { ecs, cluster } = open();
      const unknown = '0123456789abcdef0123456789abcdef';
      const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [unknown] }));
      expect(answer).toMatchObject({ tasks: [], failures: [{ reason: 'MISSING' }] });
      expect(answer.failures?.[0]?.arn).toMatch(new RegExp(`:task/.*/${unknown}$`));
      await expect(stopTask(open(), unknown)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    });

    test('takes no more than a hundred tasks, and one at least', async () => {
      const { ecs, cluster } = open();
      for (const tasks of [[], Array.from({ length: 101 }, (_, index) => `${index}`.padStart(32, '0'))]) {
        const request = new DescribeTasksCommand({ cluster, tasks });
        await expect(ecs.send(request)).rejects.toMatchObject({ name: 'InvalidParameterException' });
      }
    });

    test('is refused for a cluster that is not there', async () => {
      const request = new ListTasksCommand({ cluster: 'elsewhere' });
      await expect(open().ecs.send(request)).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
    });

    test.each([
      ['a token of 65 characters', { clientToken: 'x'.repeat(65) }],
      ['129 characters of startedBy', { startedBy: 'x'.repeat(129) }],
      ['a dot in startedBy', { startedBy: 'a.b' }],
      ['an override of an unknown container', { overrides: { containerOverrides: [{ name: 'other' }] } }],
      [
        'more than 8,192 characters of overrides',
        { overrides: { containerOverrides: [{ name: 'main', command: ['x'.repeat(8192)] }] } },
      ],
    ])('is refused with %s', async (_what, more) => {
      const definition = await register(open(), scripts.sleeps);
      await expect(runTask(open(), definition, more)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    });
  });
}
