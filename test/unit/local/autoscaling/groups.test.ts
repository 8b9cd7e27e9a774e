import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  connectedHosts,
  launchHosts,
  removeCloud,
  type SmallCloud,
  startSmallCloud,
  until,
} from '../ecs/small-cloud.ts';

let cloud: SmallCloud;

beforeAll(async () => {
  cloud = await startSmallCloud({ port: 21324, addressPrefix: '127.37' });
  await launchHosts(cloud.call, { zones: ['us-east-1c'], hosts: 1 });
  await connectedHosts(cloud.call, 1);
}, 30_000);

afterAll(() => removeCloud(cloud), 30_000);

const GROUP = 'hosts-us-east-1c';

async function group() {
  const { AutoScalingGroups } = await cloud.call('autoscaling', 'DescribeAutoScalingGroups', {
    AutoScalingGroupNames: [GROUP],
  });
  return AutoScalingGroups[0];
}

describe('a group', () => {
  test('replaces an instance that someone ended, by one in the same zone that joins the cluster', async () => {
    const [before] = (await group()).Instances;
    expect(before).toMatchObject({
      AvailabilityZone: 'us-east-1c',
      LifecycleState: 'InService',
      HealthStatus: 'Healthy',
    });
    await cloud.call('autoscaling', 'TerminateInstanceInAutoScalingGroup', {
      InstanceId: before.InstanceId,
      ShouldDecrementDesiredCapacity: false,
    });
    const after = await until(
      group,
      ({ Instances }) =>
        Instances.length === 1 &&
        Instances[0].InstanceId !== before.InstanceId &&
        Instances[0].LifecycleState === 'InService',
    );
    const [host] = await until(
      () => connectedHosts(cloud.call, 1),
      ([one]) => one.ec2InstanceId === after.Instances[0].InstanceId,
    );
    expect(host.attributes).toContainEqual({ name: 'ecs.availability-zone', value: 'us-east-1c' });
  });

  test('refuses a capacity beyond its limits', async () => {
    await expect(
      cloud.call('autoscaling', 'SetDesiredCapacity', { AutoScalingGroupName: GROUP, DesiredCapacity: 2 }),
    ).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('is deleted by force with its instances, and not without force', async () => {
    await expect(
      cloud.call('autoscaling', 'DeleteAutoScalingGroup', { AutoScalingGroupName: GROUP }),
    ).rejects.toMatchObject({ name: 'ResourceInUse' });
    await cloud.call('autoscaling', 'DeleteAutoScalingGroup', { AutoScalingGroupName: GROUP, ForceDelete: true });
    await until(group, (found) => found === undefined);
    await cloud.call('ecs', 'DeleteCluster', { cluster: 'test' });
    const { clusters } = await cloud.call('ecs', 'DescribeClusters', { clusters: ['test'] });
    expect(clusters).toMatchObject([{ status: 'INACTIVE', registeredContainerInstancesCount: 0 }]);
  });
});
