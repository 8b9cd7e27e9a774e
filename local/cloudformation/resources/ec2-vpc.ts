import { ignoreGone } from '../engine/call-outcome.ts';
import type { PhysicalResource, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { createTagged, updateTags } from './ec2-tagged.ts';
import { pick } from './pick.ts';

const ATTRIBUTES = ['EnableDnsSupport', 'EnableDnsHostnames'];

/** AWS::EC2::VPC. */
export const ec2Vpc: ResourceDriver = {
  type: 'AWS::EC2::VPC',
  properties: [...ATTRIBUTES, 'CidrBlock', 'InstanceTenancy', 'Tags'],
  replaceOn: ['CidrBlock'],
  tags: 'list',
  create: async (context, properties) => {
    const kind = { resourceType: 'vpc', describe: 'DescribeVpcs', list: 'Vpcs', idMember: 'VpcId' };
    const id = await createTagged(context, kind, {
      properties,
      create: async (tags) =>
        (await context.call('ec2', 'CreateVpc', { ...pick(properties, ['CidrBlock', 'InstanceTenancy']), ...tags })).Vpc
          .VpcId,
    });
    await setAttributes(context, id, properties);
    return describe(context, id);
  },
  update: async (context, resource, change) => {
    await setAttributes(
      context,
      resource.physicalId,
      pick(
        change.after,
        ATTRIBUTES.filter((name) => change.changed.has(name)),
      ),
    );
    await updateTags(context, resource.physicalId, change);
    return resource;
  },
  delete: (context, resource) => ignoreGone(context.call('ec2', 'DeleteVpc', { VpcId: resource.physicalId })),
};

/** One attribute per call, as EC2 wants it. */
async function setAttributes(context: ResourceContext, VpcId: string, properties: JsonObject): Promise<void> {
  for (const name of ATTRIBUTES)
    if (properties[name] !== undefined)
      await context.call('ec2', 'ModifyVpcAttribute', { VpcId, [name]: { Value: properties[name] } });
}

async function describe(context: ResourceContext, VpcId: string): Promise<PhysicalResource> {
  const { Vpcs } = await context.call('ec2', 'DescribeVpcs', { VpcIds: [VpcId] });
  const groups = await context.call('ec2', 'DescribeSecurityGroups', {
    Filters: [
      { Name: 'vpc-id', Values: [VpcId] },
      { Name: 'group-name', Values: ['default'] },
    ],
  });
  const group = groups.SecurityGroups?.[0]?.GroupId;
  return {
    physicalId: VpcId,
    attributes: {
      CidrBlock: Vpcs[0].CidrBlock,
      VpcId,
      ...(group === undefined ? {} : { DefaultSecurityGroup: group }),
    },
  };
}
