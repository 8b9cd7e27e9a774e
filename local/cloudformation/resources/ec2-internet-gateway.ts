import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { createTagged, updateTags } from './ec2-tagged.ts';

/** AWS::EC2::InternetGateway. */
export const ec2InternetGateway: ResourceDriver = {
  type: 'AWS::EC2::InternetGateway',
  properties: ['Tags'],
  replaceOn: [],
  tags: 'list',
  create: async (context, properties) => {
    const kind = {
      resourceType: 'internet-gateway',
      describe: 'DescribeInternetGateways',
      list: 'InternetGateways',
      idMember: 'InternetGatewayId',
    };
    const id = await createTagged(context, kind, {
      properties,
      create: async (tags) =>
        (await context.call('ec2', 'CreateInternetGateway', tags)).InternetGateway.InternetGatewayId,
    });
    return { physicalId: id, attributes: { InternetGatewayId: id } };
  },
  update: async (context, resource, change) => {
    await updateTags(context, resource.physicalId, change);
    return resource;
  },
  delete: (context, resource) =>
    ignoreGone(context.call('ec2', 'DeleteInternetGateway', { InternetGatewayId: resource.physicalId })),
};
