import { ignoreGone } from '../engine/call-outcome.ts';
import type { PhysicalResource, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { Json } from '../template/json.ts';
import { createTagged, updateTags } from './ec2-tagged.ts';
import { pick } from './pick.ts';

/** AWS::EC2::Subnet. */
export const ec2Subnet: ResourceDriver = {
  type: 'AWS::EC2::Subnet',
  properties: ['AvailabilityZone', 'CidrBlock', 'MapPublicIpOnLaunch', 'Tags', 'VpcId'],
  replaceOn: ['AvailabilityZone', 'CidrBlock', 'VpcId'],
  tags: 'list',
  create: async (context, properties) => {
    const kind = { resourceType: 'subnet', describe: 'DescribeSubnets', list: 'Subnets', idMember: 'SubnetId' };
    const id = await createTagged(context, kind, {
      properties,
      create: async (tags) =>
        (
          await context.call('ec2', 'CreateSubnet', {
            ...pick(properties, ['AvailabilityZone', 'CidrBlock', 'VpcId']),
            ...tags,
          })
        ).Subnet.SubnetId,
    });
    if (properties['MapPublicIpOnLaunch'] !== undefined)
      await setPublicIp(context, id, properties['MapPublicIpOnLaunch']);
    return describe(context, id);
  },
  update: async (context, resource, change) => {
    const id = resource.physicalId;
    if (change.changed.has('MapPublicIpOnLaunch'))
      await setPublicIp(context, id, change.after['MapPublicIpOnLaunch'] ?? false);
    await updateTags(context, id, change);
    return resource;
  },
  delete: (context, resource) => ignoreGone(context.call('ec2', 'DeleteSubnet', { SubnetId: resource.physicalId })),
};

async function setPublicIp(context: ResourceContext, SubnetId: string, Value: Json): Promise<void> {
  await context.call('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value } });
}

async function describe(context: ResourceContext, SubnetId: string): Promise<PhysicalResource> {
  const { Subnets } = await context.call('ec2', 'DescribeSubnets', { SubnetIds: [SubnetId] });
  const { AvailabilityZone, AvailabilityZoneId, CidrBlock, VpcId } = Subnets[0];
  return {
    physicalId: SubnetId,
    attributes: {
      AvailabilityZone,
      ...(AvailabilityZoneId === undefined ? {} : { AvailabilityZoneId }),
      CidrBlock,
      SubnetId,
      VpcId,
    },
  };
}
