import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { createTagged, updateTags } from './ec2-tagged.ts';
import { pick, textList } from './pick.ts';

const PROPERTIES = [
  'PolicyDocument',
  'PrivateDnsEnabled',
  'RouteTableIds',
  'SecurityGroupIds',
  'ServiceName',
  'SubnetIds',
  'VpcEndpointType',
  'VpcId',
];

const MEMBERSHIPS = ['RouteTableIds', 'SecurityGroupIds', 'SubnetIds'];

/** AWS::EC2::VPCEndpoint. */
export const ec2VpcEndpoint: ResourceDriver = {
  type: 'AWS::EC2::VPCEndpoint',
  properties: [...PROPERTIES, 'Tags'],
  replaceOn: ['ServiceName', 'VpcEndpointType', 'VpcId'],
  tags: 'list',
  create: async (context, properties) => {
    const kind = {
      resourceType: 'vpc-endpoint',
      describe: 'DescribeVpcEndpoints',
      list: 'VpcEndpoints',
      idMember: 'VpcEndpointId',
    };
    const id = await createTagged(context, kind, {
      properties,
      create: async (tags) =>
        (await context.call('ec2', 'CreateVpcEndpoint', { ...pick(properties, PROPERTIES), ...tags })).VpcEndpoint
          .VpcEndpointId,
    });
    return { physicalId: id, attributes: { Id: id } };
  },
  update: async (context, resource, change) => {
    const { before, after, changed } = change;
    const settings = pick(
      after,
      ['PolicyDocument', 'PrivateDnsEnabled'].filter((name) => changed.has(name)),
    );
    const memberships = MEMBERSHIPS.filter((name) => changed.has(name));
    if (Object.keys(settings).length > 0 || memberships.length > 0)
      await context.call('ec2', 'ModifyVpcEndpoint', {
        VpcEndpointId: resource.physicalId,
        ...settings,
        ...Object.assign({}, ...memberships.map((name) => membershipChange(name, before, after))),
      });
    await updateTags(context, resource.physicalId, change);
    return resource;
  },
  delete: (context, resource) => ignoreGone(remove(context, resource.physicalId)),
};

function membershipChange(name: string, before: JsonObject, after: JsonObject): JsonObject {
  const [old, wanted] = [textList(before, name), textList(after, name)];
  const added = wanted.filter((id) => !old.includes(id));
  const removed = old.filter((id) => !wanted.includes(id));
  return {
    ...(added.length === 0 ? {} : { [`Add${name}`]: added }),
    ...(removed.length === 0 ? {} : { [`Remove${name}`]: removed }),
  };
}

/** The operation answers what it could not delete instead of throwing it. */
async function remove(context: ResourceContext, id: string): Promise<void> {
  const { Unsuccessful } = await context.call('ec2', 'DeleteVpcEndpoints', { VpcEndpointIds: [id] });
  const failure = Unsuccessful?.[0]?.Error;
  if (failure === undefined) return;
  const error = new Error(failure.Message);
  error.name = failure.Code;
  throw error;
}
