import {
  AttachVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
} from '@aws-sdk/client-ec2';
import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { scripts } from '../../suite/aws/aws-subject.ts';
import {
  availableVolume,
  containerInstance,
  describeTask,
  describeVolume,
  register,
  runningTask,
  runOne,
  runTask,
  stopTask,
  untilStatus,
} from '../../suite/aws/ecs-steps.ts';
import { createModelSubject, type ModelSubject } from '../../suite/aws/model-subject.ts';

/** What only the models have: the hand that brings faults, and a clock that can be moved. */
let subject: ModelSubject;
beforeEach(() => {
  subject = createModelSubject();
});

const seconds = (count: number) => subject.timeline.pass(count * 1000);
const anHour = 3600;

describe('what is not modelled', () => {
  test.each([
    ['an operation', 'ecs', 'CreateService', {}, /ecs CreateService is not modelled; modelled: .*RunTask/],
    ['a member', 'ecs', 'StopTask', { cluster: 'Warden', force: true }, /ecs StopTask: member force is not modelled/],
    ['a filter', 'ec2', 'DescribeVolumes', { Filters: [{ Name: 'size', Values: ['1'] }] }, /filter 'size'/],
    ['a volume type', 'ec2', 'CreateVolume', { Size: 1, VolumeType: 'io2' }, /VolumeType 'io2' is not modelled/],
    ['an update', 'dynamodb', 'TransactWrite', { TransactItems: [{ Update: {} }] }, /member Update is not modelled/],
    ['a launch type', 'ecs', 'RunTask', { cluster: 'Warden', launchType: 'FARGATE' }, /'FARGATE' is not modelled/],
  ] as const)('is refused by name: %s', async (_what, service, operation, input, message) => {
    // A volume, so that there is something to filter.
    await availableVolume(subject);
    expect(() => subject.models[service].call(operation, input)).toThrow(message);
    expect(subject.models.lastCall() ?? {}).toMatchObject(
      operation === 'CreateService' ? { operation: 'DescribeVolumes' } : { operation, error: 'UnsupportedOperation' },
    );
  });

  test('is refused in conditions too', async () => {
    const begin = { ConditionExpression: 'begins_with(holder, :v)', ExpressionAttributeValues: { ':v': 'a' } };
    const put = new PutCommand({ TableName: 'Warden', Item: { pk: 'p', sk: 's' }, ...begin });
    await expect(subject.dynamodb.send(put)).rejects.toThrow("dynamodb condition 'begins_with' is not modelled");
  });
});

describe('DynamoDB', () => {
  const item = { TableName: 'Warden', Item: { pk: 'p', sk: 's' } };

  test('takes no check and write of one item, as AWS says and DynamoDB Local does not', async () => {
    const check = { TableName: 'Warden', Key: item.Item, ConditionExpression: 'attribute_not_exists(pk)' };
    const transaction = new TransactWriteCommand({ TransactItems: [{ Put: item }, { ConditionCheck: check }] });
    await expect(subject.dynamodb.send(transaction)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('shows old items to reads that are not consistent, when told so, and new ones to those that are', async () => {
    const read = async (ConsistentRead: boolean) =>
      (await subject.dynamodb.send(new GetCommand({ TableName: 'Warden', Key: item.Item, ConsistentRead }))).Item?.[
        'n'
      ];
    await subject.dynamodb.send(new PutCommand({ TableName: 'Warden', Item: { ...item.Item, n: 1 } }));
    subject.models.showStaleReads(2000);
    await seconds(5);
    await subject.dynamodb.send(new PutCommand({ TableName: 'Warden', Item: { ...item.Item, n: 2 } }));
    expect([await read(false), await read(true)]).toEqual([1, 2]);
    await seconds(3);
    expect(await read(false)).toBe(2);
  });
});

describe('a volume', () => {
  const attach = (VolumeId: string) =>
    subject.ec2.send(
      new AttachVolumeCommand({ VolumeId, InstanceId: subject.hosts[0].instanceId, Device: '/dev/xvdba' }),
    );
  const attachment = async (volumeId: string) => (await describeVolume(subject, volumeId)).Attachments?.[0]?.State;

  test('that is stuck stays attaching, and then detaching, until it is released', async () => {
    const id = await availableVolume(subject);
    subject.models.stickVolume(id);
    await attach(id);
    await seconds(anHour);
    expect(await attachment(id)).toBe('attaching');
    subject.models.releaseVolume(id);
    expect(await attachment(id)).toBe('attached');
    subject.models.stickVolume(id);
    await subject.ec2.send(new DetachVolumeCommand({ VolumeId: id }));
    await seconds(anHour);
    expect(await attachment(id)).toBe('detaching');
    expect(subject.models.volumes().find((volume) => volume.id === id)).toMatchObject({ isStuck: true });
    subject.models.releaseVolume(id);
    expect(await describeVolume(subject, id)).toMatchObject({ State: 'available', Attachments: [] });
  });

  test('is not known for a while after its creation, when told so', async () => {
    subject.models.hideFreshVolumes(2500);
    const { VolumeId = '' } = subject.models.ec2.call('CreateVolume', {
      ...{ AvailabilityZone: 'us-east-1a', Size: 1, VolumeType: 'gp3' },
    }) as { VolumeId?: string };
    await expect(describeVolume(subject, VolumeId)).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
    const isAmong = async () =>
      (await subject.ec2.send(new DescribeVolumesCommand({}))).Volumes?.some((volume) => volume.VolumeId === VolumeId);
    expect(await isAmong()).toBe(false);
    await seconds(3);
    expect(await isAmong()).toBe(true);
  });
});

describe('a task', () => {
  test('starts its program with the entry point first, its environment, and the disks that its host sees', async () => {
    const container = { entryPoint: ['bash', '-c'], command: ['unused'] };
    const definition = await register(subject, '', { container });
    const overrides = {
      containerOverrides: [
        { name: 'main', command: [scripts.sleeps], environment: [{ name: 'WARDEN_NODE_ID', value: '3' }] },
      ],
    };
    const arn = await runningTask(subject, definition, { startedBy: 'warden/kafka/3/node/1', overrides });
    const [run] = subject.starts;
    expect(run).toMatchObject({
      ...{ taskArn: arn, startedBy: 'warden/kafka/3/node/1', image: 'apache/kafka:4.3.1' },
      ...{ command: ['bash', '-c', scripts.sleeps], environment: { WARDEN_NODE_ID: '3' } },
      host: { instanceId: subject.hosts[0].instanceId, zone: 'us-east-1a' },
    });
    const id = await availableVolume(subject);
    const request = { VolumeId: id, InstanceId: subject.hosts[0].instanceId, Device: '/dev/xvdba' };
    await subject.ec2.send(new AttachVolumeCommand(request));
    expect(run?.attachedVolumes?.()).not.toContain(id);
    await seconds(10);
    expect(run?.attachedVolumes?.()).toContain(id);
    expect(subject.models.tasks()).toMatchObject([
      { taskArn: arn, isAlive: true, environment: { WARDEN_NODE_ID: '3' } },
    ]);
  });

  test('does not start when the next start is to fail, and only that one', async () => {
    const definition = await register(subject, scripts.sleeps);
    subject.models.failNextStart('CannotPullContainerError: pull access denied');
    const failed = await untilStatus(subject, await runOne(subject, definition), 'STOPPED');
    expect(failed).toMatchObject({
      ...{ stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: pull access denied' },
      containers: [{ reason: 'CannotPullContainerError: pull access denied' }],
    });
    expect(failed.containers?.[0]?.exitCode).toBeUndefined();
    await runningTask(subject, definition);
  });

  test('that is stopped before it has started never starts, and has no exit code', async () => {
    const arn = await runOne(subject, await register(subject, scripts.sleeps));
    await stopTask(subject, arn);
    const task = await untilStatus(subject, arn, 'STOPPED');
    expect(task).toMatchObject({ stopCode: 'UserInitiated', stoppedReason: 'enough' });
    expect(task.containers?.[0]?.exitCode).toBeUndefined();
    await seconds(anHour / 2);
    expect(subject.starts).toEqual([]);
  });

  test('is forgotten an hour after its end, while its token stands for it a day long', async () => {
    const definition = await register(subject, scripts.endsWith7);
    const request = { clientToken: 'token', startedBy: 'warden/forgotten' };
    const arn = await runOne(subject, definition, request);
    await untilStatus(subject, arn, 'STOPPED');
    const list = async () => {
      const { cluster } = subject;
      const filter = { startedBy: 'warden/forgotten', desiredStatus: 'STOPPED' as const };
      return (await subject.ecs.send(new ListTasksCommand({ cluster, ...filter }))).taskArns;
    };
    await seconds(anHour - 60);
    expect(await list()).toEqual([arn]);
    await seconds(120);
    expect(await describeTask(subject, arn)).toBeUndefined();
    expect(await list()).toEqual([]);
    expect(await runOne(subject, definition, request)).toBe(arn);
    await seconds(24 * anHour);
    expect(await runOne(subject, definition, request)).not.toBe(arn);
  });
});

describe('an agent without its line', () => {
  test('leaves its tasks as they were, takes no new ones, and tells the rest when the line is back', async () => {
    const [host] = subject.hosts;
    const definition = await register(subject, scripts.sleeps);
    const [killed, stopped] = [await runningTask(subject, definition), await runningTask(subject, definition)];
    subject.models.disconnectAgent(host.instanceId);
    expect(await containerInstance(subject, host)).toMatchObject({ agentConnected: false, status: 'ACTIVE' });
    expect((await runTask(subject, definition)).failures).toMatchObject([{ reason: 'AGENT' }]);
    subject.models.killTask(killed);
    await stopTask(subject, stopped);
    await seconds(anHour);
    expect(await describeTask(subject, killed)).toMatchObject({ lastStatus: 'RUNNING' });
    expect(await describeTask(subject, stopped)).toMatchObject({
      lastStatus: 'DEACTIVATING',
      desiredStatus: 'STOPPED',
    });
    const isAlive = () => subject.models.tasks().map((task) => task.isAlive);
    expect(isAlive()).toEqual([false, true]);
    subject.models.connectAgent(host.instanceId);
    expect(await untilStatus(subject, killed, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 137 }] });
    expect(await untilStatus(subject, stopped, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 143 }] });
    expect(isAlive()).toEqual([false, false]);
  });

  test('is told again to run what it did not hear of', async () => {
    const [host] = subject.hosts;
    const arn = await runOne(subject, await register(subject, scripts.sleeps));
    subject.models.disconnectAgent(host.instanceId);
    await seconds(60);
    expect(await describeTask(subject, arn)).toMatchObject({ lastStatus: 'PENDING' });
    expect(subject.starts).toEqual([]);
    subject.models.connectAgent(host.instanceId);
    await untilStatus(subject, arn, 'RUNNING');
    expect(subject.starts).toHaveLength(1);
  });
});

describe('a host', () => {
  test('that is lost ends its tasks without exit codes, and is forgotten by EC2 an hour later', async () => {
    const [host] = subject.hosts;
    const arn = await runningTask(subject, await register(subject, scripts.sleeps));
    subject.models.loseHost(host.instanceId);
    expect(subject.models.tasks()).toMatchObject([
      { isAlive: false, lastStatus: 'RUNNING', instanceId: host.instanceId },
    ]);
    const task = await untilStatus(subject, arn, 'STOPPED');
    expect(task).toMatchObject({
      ...{ stopCode: 'TerminationNotice', stoppedReason: `Host EC2 (instance ${host.instanceId}) terminated.` },
    });
    expect(task.containers?.[0]?.exitCode).toBeUndefined();
    await seconds(anHour);
    const request = new DescribeInstancesCommand({ InstanceIds: [host.instanceId] });
    await expect(subject.ec2.send(request)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  });

  test('that is lost takes the volume that it boots from along, and leaves what was attached to it', async () => {
    const [host] = subject.hosts;
    const volumeId = await availableVolume(subject, host.zone);
    await subject.ec2.send(
      new AttachVolumeCommand({ VolumeId: volumeId, InstanceId: host.instanceId, Device: '/dev/sdf' }),
    );
    await seconds(10);
    const ofHost = () =>
      subject.models.volumes().filter(({ attachment }) => attachment?.instanceId === host.instanceId);
    const [boot] = ofHost().filter(({ isRoot }) => isRoot);
    subject.models.loseHost(host.instanceId);
    await seconds(anHour);
    const stateOf = (id: string | undefined) => subject.models.volumes().find((volume) => volume.id === id)?.state;
    expect([stateOf(boot?.id), stateOf(volumeId)]).toEqual(['deleted', 'available']);
    expect(subject.endedDisks).toEqual([]);
  });

  test('that is lost while its agent has no line stays registered, and its tasks RUNNING', async () => {
    const [host] = subject.hosts;
    const arn = await runningTask(subject, await register(subject, scripts.sleeps));
    subject.models.disconnectAgent(host.instanceId);
    subject.models.loseHost(host.instanceId);
    await seconds(2 * anHour);
    expect(await describeTask(subject, arn)).toMatchObject({ lastStatus: 'RUNNING' });
    expect(await containerInstance(subject, host)).toMatchObject({ status: 'ACTIVE', agentConnected: false });
  });

  test('that is stopped ends its tasks by SIGTERM, keeps its volumes, and tells of all when it is started', async () => {
    const [host] = subject.hosts;
    const [terminated, killed] = [
      await runningTask(subject, await register(subject, scripts.endsOnTerm)),
      await runningTask(subject, await register(subject, scripts.ignoresTerm)),
    ];
    const state = async () => {
      const request = new DescribeInstancesCommand({ InstanceIds: [host.instanceId] });
      return (await subject.ec2.send(request)).Reservations?.[0]?.Instances?.[0]?.State?.Name;
    };
    const before = subject.models.volumes();
    subject.models.stopHost(host.instanceId);
    expect(await state()).toBe('stopping');
    await seconds(120);
    expect(await state()).toBe('stopped');
    expect(await describeTask(subject, killed)).toMatchObject({ lastStatus: 'RUNNING' });
    expect(subject.models.tasks().map((task) => task.isAlive)).toEqual([false, false]);
    subject.models.startHost(host.instanceId);
    expect(await untilStatus(subject, killed, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 137 }] });
    expect(await untilStatus(subject, terminated, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 0 }] });
    expect(await state()).toBe('running');
    expect(subject.models.volumes()).toEqual(before);
  });
});

describe('a seed', () => {
  test('decides everything: the same events at the same times', async () => {
    const story = async (seed: string) => {
      subject = createModelSubject(seed);
      const arn = await runningTask(
        subject,
        await register(subject, scripts.sleeps, { definition: { family: 'same' } }),
      );
      await availableVolume(subject);
      await stopTask(subject, arn);
      subject.models.loseHost(subject.hosts[1].instanceId);
      await seconds(anHour);
      return JSON.stringify([subject.events(), subject.models.volumes()]);
    };
    const first = await story('one');
    expect(await story('one')).toBe(first);
    expect(await story('two')).not.toBe(first);
  });
});
