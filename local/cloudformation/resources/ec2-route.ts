import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceDriver } from '../resource-driver.ts';
import { pick, requiredText } from './pick.ts';

const TARGETS = [
  'EgressOnlyInternetGatewayId',
  'GatewayId',
  'InstanceId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'TransitGatewayId',
  'VpcPeeringConnectionId',
];

/** AWS::EC2::Route to a block of IPv4 addresses. */
export const ec2Route: ResourceDriver = {
  type: 'AWS::EC2::Route',
  properties: [...TARGETS, 'DestinationCidrBlock', 'RouteTableId'],
  replaceOn: ['DestinationCidrBlock', 'RouteTableId'],
  create: async (context, properties) => {
    await createOnce(context.isRetry, context.call('ec2', 'CreateRoute', properties));
    const id = `${requiredText(properties, 'RouteTableId')}|${requiredText(properties, 'DestinationCidrBlock')}`;
    context.remember(id);
    return { physicalId: id, attributes: { CidrBlock: requiredText(properties, 'DestinationCidrBlock') } };
  },
  update: async (context, resource, { after }) => {
    await context.call('ec2', 'ReplaceRoute', after);
    return resource;
  },
  delete: (context, _resource, properties) =>
    ignoreGone(context.call('ec2', 'DeleteRoute', pick(properties, ['DestinationCidrBlock', 'RouteTableId']))),
};
