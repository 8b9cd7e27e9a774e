import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hostFolder } from '../../../../local/hosts/host-folder.ts';
import { cutOffHost, liveAgent } from '../../../../local/hosts/power.ts';
import { type CloudProcess, startCloudProcess } from './cloud-process.ts';
import {
  connectedHosts,
  describeTask,
  launchHosts,
  registerScript,
  runOne,
  startedLines,
  untilStatus,
} from './small-cloud.ts';

const dataFolder = mkdtempSync(join(tmpdir(), 'crash-'));
const options = { port: 21304, dataFolder, addressPrefix: '127.32' };
let cloud: CloudProcess;
let instanceIds: string[];

beforeAll(async () => {
  cloud = await startCloudProcess(options);
  await launchHosts(cloud.call, { zones: ['us-east-1a', 'us-east-1b'], hosts: 1 });
  instanceIds = (await connectedHosts(cloud.call, 2)).map(({ ec2InstanceId }) => ec2InstanceId);
}, 30_000);

afterAll(async () => {
  await cloud.stop();
  for (const id of instanceIds) await cutOffHost(dataFolder, id);
  rmSync(dataFolder, { recursive: true, force: true });
}, 30_000);

function started(arn: string): number {
  return instanceIds.flatMap((id) => startedLines(dataFolder, id)).filter((line) => line.includes(arn)).length;
}

describe('when the cloud is killed', () => {
  test('tasks run on, and their end is known when it is back', async () => {
    const quick = await registerScript(cloud.call, 'quick', 'sleep 0.3; exit 5');
    const long = await registerScript(cloud.call, 'long', 'exec sleep 60');
    const [ends, runs] = [await runOne(cloud.call, quick), await runOne(cloud.call, long)];
    await untilStatus(cloud.call, runs, 'RUNNING');
    await untilStatus(cloud.call, ends, 'RUNNING');
    await cloud.kill();
    cloud = await startCloudProcess(options);
    expect(await untilStatus(cloud.call, ends, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 5 }] });
    await connectedHosts(cloud.call, 2);
    expect(await describeTask(cloud.call, runs)).toMatchObject({ lastStatus: 'RUNNING' });
    await cloud.call('ecs', 'StopTask', { cluster: 'test', task: runs, reason: 'the test is over' });
    expect(await untilStatus(cloud.call, runs, 'STOPPED')).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'the test is over',
      containers: [{ exitCode: 143 }],
    });
    expect([started(ends), started(runs)]).toEqual([1, 1]);
  }, 30_000);

  test('a RunTask that was sent again finds the task of the first one', async () => {
    const definition = await registerScript(cloud.call, 'token', 'exec sleep 60');
    const request = { cluster: 'test', taskDefinition: definition, clientToken: 'attempt-1', startedBy: 'warden/one' };
    const first = await cloud.call('ecs', 'RunTask', request);
    await cloud.kill();
    cloud = await startCloudProcess(options);
    const second = await cloud.call('ecs', 'RunTask', request);
    const arn = first.tasks[0].taskArn;
    expect(second.tasks.map(({ taskArn }: { taskArn: string }) => taskArn)).toEqual([arn]);
    await expect(cloud.call('ecs', 'RunTask', { ...request, startedBy: 'warden/two' })).rejects.toMatchObject({
      name: 'ConflictException',
      resourceIds: [arn],
    });
    await untilStatus(cloud.call, arn, 'RUNNING');
    expect(started(arn)).toBe(1);
    await cloud.call('ecs', 'StopTask', { cluster: 'test', task: arn });
    await untilStatus(cloud.call, arn, 'STOPPED');
  }, 30_000);
});

describe('when an agent is killed', () => {
  test('its containers run on, and the next agent adopts them', async () => {
    const [instanceId = ''] = instanceIds;
    const definition = await registerScript(cloud.call, 'adopted', 'exec sleep 60');
    const arn = await runOne(cloud.call, definition, {
      placementConstraints: [{ type: 'memberOf', expression: `ec2InstanceId in ['${instanceId}']` }],
    });
    await untilStatus(cloud.call, arn, 'RUNNING');
    process.kill(liveAgent(dataFolder, instanceId)?.pid ?? 0, 'SIGKILL');
    await connectedHosts(cloud.call, 1);
    const refused = await cloud.call('ecs', 'RunTask', {
      cluster: 'test',
      taskDefinition: definition,
      placementConstraints: [{ type: 'memberOf', expression: `ec2InstanceId == ${instanceId}` }],
    });
    expect(refused).toMatchObject({ tasks: [], failures: [{ reason: 'AGENT' }] });
    await connectedHosts(cloud.call, 2);
    expect(await describeTask(cloud.call, arn)).toMatchObject({ lastStatus: 'RUNNING' });
    const log = readFileSync(join(hostFolder(dataFolder, instanceId), 'agent.log'), 'utf8');
    expect(log).toContain(`adopted ${arn} main`);
    await cloud.call('ecs', 'StopTask', { cluster: 'test', task: arn });
    expect(await untilStatus(cloud.call, arn, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 143 }] });
    expect(started(arn)).toBe(1);
  }, 30_000);
});

describe('a graceful stop of the cloud', () => {
  test('ends tasks wave by wave on all hosts, and their exit codes are told when the hosts return', async () => {
    const slow = `trap 'sleep 0.2; exit 0' TERM; while :; do sleep 0.05; done`;
    const arns: string[] = [];
    for (const [index, wave] of [2, 1].entries()) {
      const definition = await registerScript(cloud.call, `wave-${wave}`, slow, {
        container: { dockerLabels: { 'stop.wave': String(wave) } },
      });
      const arn = await runOne(cloud.call, definition, {
        placementConstraints: [{ type: 'memberOf', expression: `ec2InstanceId in [${instanceIds[index]}]` }],
      });
      await untilStatus(cloud.call, arn, 'RUNNING');
      arns.push(arn);
    }
    await cloud.stop();
    expect(instanceIds.map((id) => liveAgent(dataFolder, id))).toEqual([undefined, undefined]);
    cloud = await startCloudProcess(options);
    const [second, first] = await Promise.all(arns.map((arn) => untilStatus(cloud.call, arn, 'STOPPED')));
    expect(first.containers[0].exitCode).toBe(0);
    expect(first.stopCode).toBe('EssentialContainerExited');
    expect(first.stoppedAt.getTime()).toBeLessThanOrEqual(second.stoppingAt.getTime());
    expect((await connectedHosts(cloud.call, 2)).map(({ ec2InstanceId }) => ec2InstanceId)).toEqual(instanceIds);
  }, 30_000);
});
