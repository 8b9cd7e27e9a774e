import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { crashHost } from '../../../../local/hosts/power.ts';
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

let cloud: SmallCloud;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: 21311, addressPrefix: '127.35' });
  await launchHosts(cloud.call, { zones: ['us-east-1a'], hosts: 2 });
  await connectedHosts(cloud.call, 2);
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

async function taskOn(instanceId: string): Promise<string> {
  const definition = await registerScript(cloud.call, 'on-host', 'exec sleep 60');
  const arn = await runOne(cloud.call, definition, {
    placementConstraints: [{ type: 'memberOf', expression: `ec2InstanceId == ${instanceId}` }],
  });
  await untilStatus(cloud.call, arn, 'RUNNING');
  return arn;
}

async function instanceState(instanceId: string): Promise<string> {
  const { Reservations } = await cloud.call('ec2', 'DescribeInstances', { InstanceIds: [instanceId] });
  return Reservations[0].Instances[0].State.Name;
}

describe('a host', () => {
  test('that is rebooted comes back as itself and tells how its tasks ended', async () => {
    const [{ ec2InstanceId, containerInstanceArn }] = await connectedHosts(cloud.call, 2);
    const arn = await taskOn(ec2InstanceId);
    await cloud.call('ec2', 'RebootInstances', { InstanceIds: [ec2InstanceId] });
    expect(await untilStatus(cloud.call, arn, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 143 }],
    });
    const hosts = await connectedHosts(cloud.call, 2);
    expect(hosts.map((host) => host.containerInstanceArn)).toContain(containerInstanceArn);
    expect(await instanceState(ec2InstanceId)).toBe('running');
  }, 30_000);

  test('that crashes leaves its tasks RUNNING until it is terminated and deregistered', async () => {
    const [{ ec2InstanceId, containerInstanceArn }] = await connectedHosts(cloud.call, 2);
    const arn = await taskOn(ec2InstanceId);
    await crashHost(cloud.dataFolder, ec2InstanceId);
    await connectedHosts(cloud.call, 1);
    expect(await describeTask(cloud.call, arn)).toMatchObject({ lastStatus: 'RUNNING' });
    const { InstanceStatuses } = await cloud.call('ec2', 'DescribeInstanceStatus', { InstanceIds: [ec2InstanceId] });
    expect(InstanceStatuses).toMatchObject([
      { InstanceState: { Name: 'running' }, InstanceStatus: { Status: 'impaired' } },
    ]);
    await cloud.call('ec2', 'TerminateInstances', { InstanceIds: [ec2InstanceId], Force: true });
    await until(
      () => instanceState(ec2InstanceId),
      (state) => state === 'terminated',
    );
    // Auto Scaling replaces it; the old registration stays until someone takes it away.
    await connectedHosts(cloud.call, 2);
    await cloud.call('ecs', 'DeregisterContainerInstance', {
      cluster: 'test',
      containerInstance: containerInstanceArn,
      force: true,
    });
    const task = await untilStatus(cloud.call, arn, 'STOPPED');
    expect(task.containers[0]).not.toHaveProperty('exitCode');
  }, 30_000);

  test('that is terminated while connected is deregistered by itself, its tasks with it', async () => {
    const [{ ec2InstanceId, containerInstanceArn }] = await connectedHosts(cloud.call, 2);
    const arn = await taskOn(ec2InstanceId);
    await cloud.call('ec2', 'TerminateInstances', { InstanceIds: [ec2InstanceId] });
    const task = await untilStatus(cloud.call, arn, 'STOPPED');
    expect(task).toMatchObject({
      stopCode: 'TerminationNotice',
      stoppedReason: `Host EC2 (instance ${ec2InstanceId}) terminated.`,
    });
    const { containerInstances } = await cloud.call('ecs', 'DescribeContainerInstances', {
      cluster: 'test',
      containerInstances: [containerInstanceArn],
    });
    expect(containerInstances).toMatchObject([{ status: 'INACTIVE', agentConnected: false }]);
    const states = cloud.events.filter(
      ({ source, detail }) => source === 'aws.ec2' && detail['instance-id'] === ec2InstanceId,
    );
    expect(states.map(({ detail }) => detail['state'])).toEqual(['pending', 'running', 'shutting-down', 'terminated']);
  }, 30_000);

  test('that was the last of its cluster leaves it empty in the moment in which it is terminated', async () => {
    const hosts = await connectedHosts(cloud.call, 2);
    await cloud.call('autoscaling', 'DeleteAutoScalingGroup', {
      AutoScalingGroupName: 'hosts-us-east-1a',
      ForceDelete: true,
    });
    await until(
      () => Promise.all(hosts.map(({ ec2InstanceId }) => instanceState(ec2InstanceId))),
      (states) => states.every((state) => state === 'terminated'),
    );
    const { cluster } = await cloud.call('ecs', 'DeleteCluster', { cluster: 'test' });
    expect(cluster).toMatchObject({ status: 'INACTIVE', registeredContainerInstancesCount: 0 });
  }, 30_000);
});
