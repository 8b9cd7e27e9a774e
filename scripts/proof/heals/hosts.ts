import {
  AutoScalingClient,
  type AutoScalingGroup,
  paginateDescribeAutoScalingGroups,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { localClient } from '../../launch/local-client.ts';
import type { Cluster } from '../rolls/cluster.ts';

/** What an operator does with the Auto Scaling groups of the hosts, of which there is one for each zone. */
export function hostGroupsOf({ options }: Pick<Cluster, 'options'>) {
  const client = new AutoScalingClient(localClient(`http://127.0.0.1:${options.port}`));
  const find = async (isIt: (group: AutoScalingGroup) => boolean): Promise<AutoScalingGroup> => {
    for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups({ client }, {})) {
      const found = AutoScalingGroups.find(isIt);
      if (found !== undefined) return found;
    }
    throw new Error('there is no such Auto Scaling group');
  };
  const resize = async (
    { AutoScalingGroupName }: AutoScalingGroup,
    size: { MaxSize: number; DesiredCapacity?: number },
  ) => client.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName, ...size }));
  return {
    /** One host more in a zone that has hosts. */
    async add(zone: string): Promise<void> {
      const group = await find(({ AvailabilityZones = [] }) => AvailabilityZones.includes(zone));
      const size = (group.DesiredCapacity ?? 0) + 1;
      await resize(group, { MaxSize: size, DesiredCapacity: size });
    },

    /** Ends a host, and no other comes in its place. */
    async remove(instanceId: string): Promise<void> {
      const group = await find(({ Instances = [] }) => Instances.some(({ InstanceId }) => InstanceId === instanceId));
      const ShouldDecrementDesiredCapacity = true;
      await client.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: instanceId, ShouldDecrementDesiredCapacity }),
      );
      await resize(group, { MaxSize: (group.DesiredCapacity ?? 1) - 1 });
    },
  };
}
