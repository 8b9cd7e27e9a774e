import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { createTagged, updateTags } from './ec2-tagged.ts';
import { pick } from './pick.ts';

/** AWS::EC2::RouteTable. */
export const ec2RouteTable: ResourceDriver = {
  type: 'AWS::EC2::RouteTable',
  properties: ['Tags', 'VpcId'],
  replaceOn: ['VpcId'],
  tags: 'list',
  create: async (context, properties) => {
    const kind = {
      resourceType: 'route-table',
      describe: 'DescribeRouteTables',
      list: 'RouteTables',
      idMember: 'RouteTableId',
    };
    const id = await createTagged(context, kind, {
      properties,
      create: async (tags) =>
        (await context.call('ec2', 'CreateRouteTable', { ...pick(properties, ['VpcId']), ...tags })).RouteTable
          .RouteTableId,
    });
    return { physicalId: id, attributes: { RouteTableId: id } };
  },
  update: async (context, resource, change) => {
    await updateTags(context, resource.physicalId, change);
    return resource;
  },
  delete: (context, resource) =>
    ignoreGone(context.call('ec2', 'DeleteRouteTable', { RouteTableId: resource.physicalId })),
};
