import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  connectedHosts,
  describeTask,
  launchHosts,
  registerScript,
  removeCloud,
  runOne,
  type SmallCloud,
  startedLines,
  startSmallCloud,
  untilStatus,
} from './small-cloud.ts';

let cloud: SmallCloud;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: 21300, addressPrefix: '127.30' });
  await launchHosts(cloud.call, { zones: ['us-east-1a', 'us-east-1b'], hosts: 1 });
  await connectedHosts(cloud.call, 2);
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

describe('a task', () => {
  test('runs to its end and keeps the exit code of its container', async () => {
    const arn = await runOne(cloud.call, await registerScript(cloud.call, 'ends', 'echo hello; exit 7'));
    const task = await untilStatus(cloud.call, arn, 'STOPPED');
    expect(task).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      desiredStatus: 'STOPPED',
      launchType: 'EC2',
      group: 'family:ends',
    });
    expect(task.containers).toMatchObject([{ name: 'main', lastStatus: 'STOPPED', exitCode: 7 }]);
    const { containerInstances } = await cloud.call('ecs', 'DescribeContainerInstances', {
      cluster: 'test',
      containerInstances: [task.containerInstanceArn],
    });
    expect(
      startedLines(cloud.dataFolder, containerInstances[0].ec2InstanceId).filter((line) => line.includes(arn)),
    ).toHaveLength(1);
    expect((await describeTask(cloud.call, arn)).version).toBe(task.version);
  });
});
