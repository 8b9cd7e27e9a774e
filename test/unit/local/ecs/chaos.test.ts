import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isAlive, listLiveProcesses } from '../../../../local/core/processes.ts';
import { hostFolder } from '../../../../local/hosts/host-folder.ts';
import { liveAgent } from '../../../../local/hosts/power.ts';
import { listMachineProcesses, processesIn, runningContainers } from '../../../../local/hosts/signals.ts';
import {
  connectedHosts,
  describeTask,
  launchHosts,
  registerScript,
  removeCloud,
  runOne,
  type SmallCloud,
  startSmallCloud,
  until,
  untilStatus,
} from './small-cloud.ts';

const PORT = 21_452;
let cloud: SmallCloud;
let isClosed = false;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: PORT, addressPrefix: '127.42' });
  await launchHosts(cloud.call, { zones: ['us-east-1a'], hosts: 2 });
  await connectedHosts(cloud.call, 2);
}, 30_000);

afterAll(async () => {
  if (!isClosed) await removeCloud(cloud);
}, 30_000);

/** Asks the cloud's control; answers what was done, or why not. */
async function chaos(verb: string, input: object = {}): Promise<string> {
  const request = { method: 'POST', body: JSON.stringify(input), headers: { connection: 'close' } };
  const answer = await fetch(`http://127.0.0.1:${PORT}/_cloud/chaos/${verb}`, request);
  const content = (await answer.json()) as { readonly done?: string; readonly error?: string };
  return content.done ?? `refused: ${content.error}`;
}

async function disturbances(): Promise<readonly string[]> {
  const answer = await fetch(`http://127.0.0.1:${PORT}/_cloud/chaos`);
  return ((await answer.json()) as { readonly disturbances: readonly string[] }).disturbances;
}

async function taskOn(instanceId: string, script = 'exec sleep 60'): Promise<string> {
  const definition = await registerScript(cloud.call, 'disturbed', script);
  const arn = await runOne(cloud.call, definition, {
    placementConstraints: [{ type: 'memberOf', expression: `ec2InstanceId == ${instanceId}` }],
  });
  await untilStatus(cloud.call, arn, 'RUNNING');
  return arn;
}

async function firstHost(): Promise<{ readonly ec2InstanceId: string; readonly containerInstanceArn: string }> {
  const hosts = await connectedHosts(cloud.call, 2);
  return hosts.toSorted((a, b) => a.registeredAt - b.registeredAt)[0];
}

function idOf(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}

/** The programs in the containers of a task: their names, and whether each is stopped. */
function programsOf(arn: string, instanceId: string): readonly string[] {
  const all = listMachineProcesses();
  return runningContainers(cloud.dataFolder, instanceId)
    .filter(({ taskId }) => taskId === idOf(arn))
    .flatMap((container) => processesIn(container, all))
    .map(({ name, isStopped }) => `${name}${isStopped ? ' stopped' : ''}`)
    .toSorted();
}

async function stop(arn: string): Promise<void> {
  await cloud.call('ecs', 'StopTask', { cluster: 'test', task: arn });
  await untilStatus(cloud.call, arn, 'STOPPED');
}

const untilAgent = (id: string, isConnected: boolean) =>
  until(
    async () => {
      const arn = { cluster: 'test', containerInstances: [(await instanceOf(id)).containerInstanceArn] };
      return (await cloud.call('ecs', 'DescribeContainerInstances', arn)).containerInstances[0];
    },
    ({ agentConnected }) => agentConnected === isConnected,
  );

async function instanceOf(id: string): Promise<{ readonly containerInstanceArn: string }> {
  const { containerInstanceArns } = await cloud.call('ecs', 'ListContainerInstances', {
    ...{ cluster: 'test', filter: `ec2InstanceId == ${id}` },
  });
  return { containerInstanceArn: containerInstanceArns[0] };
}

describe('a task', () => {
  test('that is killed ends with the exit code of its signal', async () => {
    const { ec2InstanceId } = await firstHost();
    const [killed, ended] = [await taskOn(ec2InstanceId), await taskOn(ec2InstanceId)];
    expect(await chaos('task/kill', { task: killed })).toContain('SIGKILL to process ');
    expect(await chaos('task/kill', { task: idOf(ended), signal: 'term' })).toContain('SIGTERM to process ');
    const codes = await Promise.all(
      [killed, ended].map(async (arn) => (await untilStatus(cloud.call, arn, 'STOPPED')).containers[0].exitCode),
    );
    expect(codes).toEqual([137, 143]);
    expect(await describeTask(cloud.call, killed)).toMatchObject({ stopCode: 'EssentialContainerExited' });
    expect(await chaos('task/kill', { task: killed })).toContain('refused: Task ');
  }, 30_000);

  test('that is paused is RUNNING all the while, and goes on where it was', async () => {
    const { ec2InstanceId } = await firstHost();
    const arn = await taskOn(ec2InstanceId, 'sleep 60 & wait');
    await until(
      async () => programsOf(arn, ec2InstanceId),
      (programs) => programs.length === 2,
    );
    await chaos('task/pause', { task: arn });
    expect(programsOf(arn, ec2InstanceId)).toEqual(['bash stopped', 'sleep stopped']);
    expect(await disturbances()).toEqual([
      expect.stringContaining(`Task ${idOf(arn)} on ${ec2InstanceId}: main is paused`),
    ]);
    expect(await describeTask(cloud.call, arn)).toMatchObject({ lastStatus: 'RUNNING' });
    await chaos('task/resume', { task: arn });
    await until(
      async () => programsOf(arn, ec2InstanceId),
      (programs) => programs.join() === 'bash,sleep',
    );
    expect(await chaos('task/resume', { task: arn })).toContain('is not paused');
    await chaos('task/pause', { task: arn, program: 'sleep' });
    expect(programsOf(arn, ec2InstanceId)).toEqual(['bash', 'sleep stopped']);
    expect(await chaos('task/pause', { task: arn, program: 'java' })).toContain('runs no program java; it runs ');
    await stop(arn);
  }, 30_000);

  test('that is paused and then stopped is killed when its stop timeout is over', async () => {
    const definition = await registerScript(cloud.call, 'short', 'exec sleep 60', { container: { stopTimeout: 2 } });
    const arn = await runOne(cloud.call, definition);
    await untilStatus(cloud.call, arn, 'RUNNING');
    expect(await chaos('task/pause', { task: arn })).toContain('SIGSTOP to process');
    await stop(arn);
    expect(await describeTask(cloud.call, arn)).toMatchObject({ containers: [{ exitCode: 137 }] });
  }, 30_000);

  test.each([
    [{}, 'task is missing'],
    [{ task: 'nobody' }, 'There is no task nobody; ListTasks tells which there are'],
    [{ task: 'nobody', force: true }, 'force is not known here; allowed are: task, container, program'],
  ])('cannot be paused as %j', async (input, message) => {
    expect(await chaos('task/pause', input)).toBe(`refused: ${message}`);
  });

  test('cannot start on a host whose pulls of images fail, as often as they do', async () => {
    const { ec2InstanceId } = await firstHost();
    const placementConstraints = [{ type: 'memberOf', expression: `ec2InstanceId == ${ec2InstanceId}` }];
    const definition = await registerScript(cloud.call, 'pulled', 'exec sleep 60');
    expect(await chaos('image/fail', { host: ec2InstanceId, times: 2 })).toContain('its next 2 pulls');
    expect(await disturbances()).toEqual([`Pulls of images on ${ec2InstanceId} that fail from now on: 2`]);
    for (let pull = 1; pull <= 2; pull++) {
      const failed = await untilStatus(
        cloud.call,
        await runOne(cloud.call, definition, { placementConstraints }),
        'STOPPED',
      );
      expect(failed.stopCode).toBe('TaskFailedToStart');
      expect(failed.containers[0].reason).toMatch(/^CannotPullContainerError: .* i\/o timeout$/);
    }
    await stop(await taskOn(ec2InstanceId));
  }, 30_000);

  test('cannot be sent a signal that there is not', async () => {
    expect(await chaos('task/kill', { task: 'x', signal: 'LOUDLY' })).toContain('signal is LOUDLY; allowed are');
  });
});

describe('an agent', () => {
  test('that is cut off counts as gone and its tasks as RUNNING, until its line is mended', async () => {
    const { ec2InstanceId, containerInstanceArn } = await firstHost();
    const arn = await taskOn(ec2InstanceId);
    await chaos('agent/disconnect', { host: containerInstanceArn });
    await untilAgent(ec2InstanceId, false);
    expect(await describeTask(cloud.call, arn)).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' });
    const told = cloud.events.findLast(({ detailType }) => detailType === 'ECS Container Instance State Change');
    expect(told?.detail).toMatchObject({
      ...{ ec2InstanceId, agentConnected: false, status: 'ACTIVE' },
      versionInfo: { agentVersion: expect.any(String) },
    });
    expect(await disturbances()).toEqual([`The line to the agent of ${ec2InstanceId} is cut`]);
    await chaos('agent/reconnect', { host: ec2InstanceId });
    await untilAgent(ec2InstanceId, true);
    await chaos('agent/disconnect', { host: ec2InstanceId, seconds: 0.5 });
    await untilAgent(ec2InstanceId, false);
    await untilAgent(ec2InstanceId, true);
    expect(await describeTask(cloud.call, arn)).toMatchObject({ lastStatus: 'RUNNING' });
    await stop(arn);
  }, 30_000);

  test('that is killed comes back as itself, or stays dead until it is started', async () => {
    const { ec2InstanceId } = await firstHost();
    const arn = await taskOn(ec2InstanceId);
    const before = liveAgent(cloud.dataFolder, ec2InstanceId);
    await chaos('agent/kill', { host: ec2InstanceId });
    await until(
      async () => liveAgent(cloud.dataFolder, ec2InstanceId),
      (agent) => agent !== undefined && agent.pid !== before?.pid,
    );
    await untilAgent(ec2InstanceId, true);
    await chaos('agent/kill', { host: ec2InstanceId, forGood: true });
    await untilAgent(ec2InstanceId, false);
    expect(await disturbances()).toEqual([`The agent of ${ec2InstanceId} stays dead`]);
    expect(await chaos('agent/kill', { host: ec2InstanceId })).toBe(`refused: ${ec2InstanceId} has no agent that runs`);
    expect(programsOf(arn, ec2InstanceId)).toEqual(['sleep']);
    await chaos('off');
    await untilAgent(ec2InstanceId, true);
    expect(await describeTask(cloud.call, arn)).toMatchObject({ lastStatus: 'RUNNING' });
    await stop(arn);
  }, 30_000);
});

describe('a host', () => {
  const statusOf = async (id: string) =>
    (await cloud.call('ec2', 'DescribeInstanceStatus', { InstanceIds: [id] })).InstanceStatuses[0].InstanceStatus;

  test('that is impaired fails its status check and runs on', async () => {
    const { ec2InstanceId } = await firstHost();
    await chaos('host/impair', { host: ec2InstanceId });
    expect(await statusOf(ec2InstanceId)).toEqual({
      Status: 'impaired',
      Details: [{ Name: 'reachability', Status: 'failed', ImpairedSince: expect.any(Date) }],
    });
    await untilAgent(ec2InstanceId, true);
    await chaos('host/heal', { host: ec2InstanceId });
    expect(await statusOf(ec2InstanceId)).toMatchObject({ Status: 'ok' });
    expect(await chaos('host/heal', { host: ec2InstanceId })).toContain('was not impaired on purpose');
  }, 30_000);

  test('that drains keeps its standalone tasks and takes no new ones', async () => {
    const { ec2InstanceId } = await firstHost();
    const arn = await taskOn(ec2InstanceId);
    await chaos('host/drain', { host: ec2InstanceId });
    const told = cloud.events.findLast(({ detailType }) => detailType === 'ECS Container Instance State Change');
    expect(told?.detail).toMatchObject({ ec2InstanceId, status: 'DRAINING', agentConnected: true });
    await expect(taskOn(ec2InstanceId)).rejects.toThrow('RunTask refused');
    expect(await describeTask(cloud.call, arn)).toMatchObject({ lastStatus: 'RUNNING' });
    await chaos('host/activate', { host: ec2InstanceId });
    await stop(arn);
  }, 30_000);

  test('that gets a notice as a Spot instance ends when its time is up', async () => {
    const { ec2InstanceId } = await firstHost();
    await chaos('host/spot-notice', { host: ec2InstanceId, seconds: 0.2 });
    const shown = async () =>
      (await cloud.call('ec2', 'DescribeInstances', { InstanceIds: [ec2InstanceId] })).Reservations[0].Instances[0];
    const instance = await until(shown, ({ State }) => State.Name === 'terminated');
    expect(instance.StateReason.Code).toBe('Server.SpotInstanceTermination');
    const notice = cloud.events.find(({ detailType }) => detailType === 'EC2 Spot Instance Interruption Warning');
    expect(notice).toMatchObject({
      ...{ source: 'aws.ec2', resources: [`arn:aws:ec2:us-east-1a:instance/${ec2InstanceId}`] },
      detail: { 'instance-id': ec2InstanceId, 'instance-action': 'terminate' },
    });
    // Auto Scaling has another one in its place.
    await connectedHosts(cloud.call, 2);
  }, 30_000);

  test('that loses its power is dead and impaired until it is rebooted', async () => {
    const { ec2InstanceId } = await firstHost();
    await chaos('host/power-loss', { host: ec2InstanceId });
    expect(liveAgent(cloud.dataFolder, ec2InstanceId)).toBeUndefined();
    expect(await statusOf(ec2InstanceId)).toMatchObject({ Status: 'impaired' });
    expect(await disturbances()).toEqual([`${ec2InstanceId} has no power`]);
    await chaos('host/reboot', { host: ec2InstanceId });
    await connectedHosts(cloud.call, 2);
    expect(await statusOf(ec2InstanceId)).toMatchObject({ Status: 'ok' });
  }, 30_000);

  test('that there is not cannot be disturbed', async () => {
    expect(await chaos('host/reboot', { host: 'i-1' })).toMatch(/^refused: There is no instance i-1; allowed are i-/);
    expect(await chaos('agent/kill', { host: 'i-1' })).toMatch(
      /^refused: There is no host i-1 in any cluster; allowed are i-/,
    );
  });
});

// The last: it ends the cloud.
test('a stop in order ends what is orphaned, paused, cut off or without an agent', async () => {
  const [orphaned, other] = await connectedHosts(cloud.call, 2);
  const orphan = await taskOn(orphaned.ec2InstanceId);
  const paused = await taskOn(other.ec2InstanceId);
  await chaos('host/deregister', { host: orphaned.ec2InstanceId });
  expect(await untilStatus(cloud.call, orphan, 'STOPPED')).not.toHaveProperty('containers.0.exitCode');
  expect(programsOf(orphan, orphaned.ec2InstanceId)).toEqual(['sleep']);
  expect(await chaos('task/pause', { task: orphan })).toContain('SIGSTOP to process');
  await chaos('task/pause', { task: paused });
  await chaos('agent/pause', { host: other.ec2InstanceId });
  await cloud.close();
  isClosed = true;
  expect(listLiveProcesses(cloud.dataFolder).filter(isAlive)).toEqual([]);
  const exitOf = (arn: string, instanceId: string) =>
    readFileSync(join(hostFolder(cloud.dataFolder, instanceId), 'tasks', idOf(arn), 'main', 'exit'), 'utf8');
  expect([exitOf(orphan, orphaned.ec2InstanceId), exitOf(paused, other.ec2InstanceId)]).toEqual(['143', '143']);
  expect(existsSync(join(hostFolder(cloud.dataFolder, other.ec2InstanceId), 'agent-held'))).toBe(false);
}, 60_000);
