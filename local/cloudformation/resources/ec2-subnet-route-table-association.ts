import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';

/** AWS::EC2::SubnetRouteTableAssociation. */
export const ec2SubnetRouteTableAssociation: ResourceDriver = {
  type: 'AWS::EC2::SubnetRouteTableAssociation',
  properties: ['RouteTableId', 'SubnetId'],
  replaceOn: ['*'],
  create: async (context, properties) => {
    const known = context.isRetry ? await findMade(context, properties) : undefined;
    const id = known ?? (await context.call('ec2', 'AssociateRouteTable', properties)).AssociationId;
    context.remember(id);
    return { physicalId: id, attributes: { Id: id } };
  },
  update: async (_context, resource) => resource,
  delete: (context, resource) =>
    ignoreGone(context.call('ec2', 'DisassociateRouteTable', { AssociationId: resource.physicalId })),
};

async function findMade(context: ResourceContext, properties: JsonObject): Promise<string | undefined> {
  const { RouteTableId, SubnetId } = properties;
  const { RouteTables } = await context.call('ec2', 'DescribeRouteTables', { RouteTableIds: [RouteTableId] });
  for (const association of RouteTables?.[0]?.Associations ?? [])
    if (association.SubnetId === SubnetId) return association.RouteTableAssociationId;
  return undefined;
}
