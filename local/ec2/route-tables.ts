import type {
  AssociateRouteTableRequest,
  CreateRouteRequest,
  CreateRouteTableRequest,
  DeleteRouteRequest,
  DescribeInternetGatewaysRequest,
  DescribeRouteTablesRequest,
  InternetGateway,
  Route,
  RouteTable,
  Vpc,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { parseCidr } from './cidr.ts';
import { filterBy, pageOf } from './describe.ts';
import { newId } from './ids.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';

type ById<Name extends string> = { readonly [Key in Name]?: string };

/** Route tables, routes and their associations with subnets. */
export function routeTableHandlers(cloud: Cloud, store: Ec2Store): Handlers {
  return {
    CreateRouteTable: (input: CreateRouteTableRequest) => {
      onlyMembers('CreateRouteTable', input, ['VpcId', 'TagSpecifications']);
      const vpc = store.vpcs.get(input.VpcId ?? '');
      if (vpc === undefined) throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${input.VpcId}' does not exist`);
      const table = newTable(cloud, vpc);
      store.routeTables.set(table.RouteTableId ?? '', table);
      store.tags.add(table.RouteTableId ?? '', tagsFor('route-table', input.TagSpecifications));
      return { RouteTable: show(store, table) };
    },
    DescribeRouteTables: (input: DescribeRouteTablesRequest) => describeTables(store, input),
    AssociateRouteTable: (input: AssociateRouteTableRequest) => associate(store, input),
    DisassociateRouteTable: (input: ById<'AssociationId'>) => disassociate(store, input.AssociationId ?? ''),
    CreateRoute: (input: CreateRouteRequest) => createRoute(store, input),
    ReplaceRoute: (input: CreateRouteRequest) => {
      // The new target is checked before the old one goes.
      requireGateway(store, input.GatewayId);
      deleteRoute(store, { RouteTableId: input.RouteTableId, DestinationCidrBlock: input.DestinationCidrBlock });
      createRoute(store, input);
      return {};
    },
    DeleteRoute: (input: DeleteRouteRequest) => deleteRoute(store, input),
    DeleteRouteTable: (input: ById<'RouteTableId'>) => deleteTable(store, input.RouteTableId ?? ''),
  };
}

/** Internet gateways. */
export function gatewayHandlers(cloud: Cloud, store: Ec2Store): Handlers {
  return {
    CreateInternetGateway: (input: { readonly TagSpecifications?: Parameters<typeof tagsFor>[1] }) => {
      onlyMembers('CreateInternetGateway', input, ['TagSpecifications']);
      const gateway: InternetGateway = { InternetGatewayId: newId('igw'), Attachments: [], OwnerId: cloud.accountId };
      store.gateways.set(gateway.InternetGatewayId ?? '', gateway);
      store.tags.add(gateway.InternetGatewayId ?? '', tagsFor('internet-gateway', input.TagSpecifications));
      return { InternetGateway: { ...gateway, Tags: store.tags.of(gateway.InternetGatewayId ?? '') } };
    },
    DescribeInternetGateways: (input: DescribeInternetGatewaysRequest) => {
      onlyMembers('DescribeInternetGateways', input, ['InternetGatewayIds', 'Filters', 'MaxResults', 'NextToken']);
      const wanted = input.InternetGatewayIds?.length
        ? input.InternetGatewayIds.map((id) => requireGateway(store, id))
        : store.gateways.values();
      const found = filterBy(wanted, input.Filters, (gateway) => ({
        values: {
          'internet-gateway-id': [gateway.InternetGatewayId],
          'attachment.vpc-id': (gateway.Attachments ?? []).map(({ VpcId }) => VpcId),
        },
        tags: store.tags.of(gateway.InternetGatewayId ?? ''),
      }));
      const { items, ...rest } = pageOf(found, input);
      return {
        InternetGateways: items.map((one) => ({ ...one, Tags: store.tags.of(one.InternetGatewayId ?? '') })),
        ...rest,
      };
    },
    AttachInternetGateway: (input: ById<'InternetGatewayId' | 'VpcId'>) => {
      const gateway = requireGateway(store, input.InternetGatewayId);
      if (!store.vpcs.has(input.VpcId ?? ''))
        throw new AwsError('InvalidVpcID.NotFound', `The vpc ID '${input.VpcId}' does not exist`);
      if (gateway.Attachments?.length)
        throw new AwsError(
          'Resource.AlreadyAssociated',
          `resource ${input.InternetGatewayId} is already attached to network ${gateway.Attachments[0]?.VpcId}`,
        );
      store.gateways.set(gateway.InternetGatewayId ?? '', {
        ...gateway,
        Attachments: [{ State: 'attached', VpcId: input.VpcId }],
      });
      return {};
    },
    DetachInternetGateway: (input: ById<'InternetGatewayId' | 'VpcId'>) => {
      const gateway = requireGateway(store, input.InternetGatewayId);
      if (!gateway.Attachments?.some(({ VpcId }) => VpcId === input.VpcId))
        throw new AwsError(
          'Gateway.NotAttached',
          `resource ${input.InternetGatewayId} is not attached to network ${input.VpcId}`,
        );
      store.gateways.set(gateway.InternetGatewayId ?? '', { ...gateway, Attachments: [] });
      return {};
    },
    DeleteInternetGateway: (input: ById<'InternetGatewayId'>) => {
      const gateway = requireGateway(store, input.InternetGatewayId);
      if (gateway.Attachments?.length)
        throw new AwsError(
          'DependencyViolation',
          `The internetGateway '${input.InternetGatewayId}' has dependencies and cannot be deleted.`,
        );
      store.gateways.delete(input.InternetGatewayId ?? '');
      store.tags.forget(input.InternetGatewayId ?? '');
      return {};
    },
  };
}

/** The table that a VPC is born with. */
export function createMainRouteTable(cloud: Cloud, store: Ec2Store, vpc: Vpc): void {
  const table = newTable(cloud, vpc);
  const RouteTableId = table.RouteTableId ?? '';
  const main = {
    Main: true,
    RouteTableAssociationId: newId('rtbassoc'),
    RouteTableId,
    AssociationState: { State: 'associated' as const },
  };
  store.routeTables.set(RouteTableId, { ...table, Associations: [main] });
}

/** @throws AwsError InvalidRouteTableID.NotFound */
export function requireRouteTable(store: Ec2Store, id: string | undefined): RouteTable {
  const table = store.routeTables.get(id ?? '');
  if (table === undefined)
    throw new AwsError('InvalidRouteTableID.NotFound', `The routeTable ID '${id}' does not exist`);
  return table;
}

function newTable(cloud: Cloud, vpc: Vpc): RouteTable {
  const local: Route = {
    DestinationCidrBlock: vpc.CidrBlock,
    GatewayId: 'local',
    Origin: 'CreateRouteTable',
    State: 'active',
  };
  return {
    RouteTableId: newId('rtb'),
    VpcId: vpc.VpcId,
    OwnerId: cloud.accountId,
    Routes: [local],
    Associations: [],
    PropagatingVgws: [],
  };
}

function describeTables(store: Ec2Store, input: DescribeRouteTablesRequest): object {
  onlyMembers('DescribeRouteTables', input, ['RouteTableIds', 'Filters', 'MaxResults', 'NextToken']);
  const wanted = input.RouteTableIds?.length
    ? input.RouteTableIds.map((id) => requireRouteTable(store, id))
    : store.routeTables.values();
  const found = filterBy(wanted, input.Filters, (table) => ({
    values: {
      'route-table-id': [table.RouteTableId],
      'vpc-id': [table.VpcId],
      'association.main': (table.Associations ?? []).map(({ Main }) => String(Main ?? false)),
      'association.subnet-id': (table.Associations ?? []).map(({ SubnetId }) => SubnetId),
      'association.route-table-association-id': (table.Associations ?? []).map((one) => one.RouteTableAssociationId),
    },
    tags: store.tags.of(table.RouteTableId ?? ''),
  }));
  const { items, ...rest } = pageOf(found, input);
  return { RouteTables: items.map((table) => show(store, table)), ...rest };
}

function associate(store: Ec2Store, input: AssociateRouteTableRequest): object {
  onlyMembers('AssociateRouteTable', input, ['RouteTableId', 'SubnetId']);
  const table = requireRouteTable(store, input.RouteTableId);
  if (!store.subnets.has(input.SubnetId ?? ''))
    throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${input.SubnetId}' does not exist`);
  const rival = store.routeTables
    .values()
    .find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === input.SubnetId));
  const known = table.Associations?.find(({ SubnetId }) => SubnetId === input.SubnetId);
  if (known !== undefined)
    return { AssociationId: known.RouteTableAssociationId, AssociationState: { State: 'associated' } };
  if (rival !== undefined)
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${input.RouteTableId} conflicts with an existing association (${rival.RouteTableId})`,
    );
  const RouteTableAssociationId = newId('rtbassoc');
  const added = {
    Main: false,
    RouteTableAssociationId,
    RouteTableId: table.RouteTableId,
    SubnetId: input.SubnetId,
    AssociationState: { State: 'associated' as const },
  };
  store.routeTables.set(table.RouteTableId ?? '', { ...table, Associations: [...(table.Associations ?? []), added] });
  return { AssociationId: RouteTableAssociationId, AssociationState: { State: 'associated' } };
}

function disassociate(store: Ec2Store, id: string): object {
  const table = store.routeTables
    .values()
    .find(({ Associations }) => Associations?.some((one) => one.RouteTableAssociationId === id));
  if (table === undefined)
    throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
  const Associations = (table.Associations ?? []).filter((one) => one.RouteTableAssociationId !== id);
  store.routeTables.set(table.RouteTableId ?? '', { ...table, Associations });
  return {};
}

function createRoute(store: Ec2Store, input: CreateRouteRequest): object {
  onlyMembers('CreateRoute', input, ['RouteTableId', 'DestinationCidrBlock', 'GatewayId']);
  const table = requireRouteTable(store, input.RouteTableId);
  const destination = input.DestinationCidrBlock ?? '';
  if (parseCidr(destination) === undefined)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${destination}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
    );
  requireGateway(store, input.GatewayId);
  if (table.Routes?.some(({ DestinationCidrBlock }) => DestinationCidrBlock === destination)) {
    throw new AwsError('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
  }
  const route: Route = {
    DestinationCidrBlock: destination,
    GatewayId: input.GatewayId,
    Origin: 'CreateRoute',
    State: 'active',
  };
  store.routeTables.set(table.RouteTableId ?? '', { ...table, Routes: [...(table.Routes ?? []), route] });
  return { Return: true };
}

function deleteRoute(store: Ec2Store, input: DeleteRouteRequest): object {
  onlyMembers('DeleteRoute', input, ['RouteTableId', 'DestinationCidrBlock']);
  const table = requireRouteTable(store, input.RouteTableId);
  const Routes = (table.Routes ?? []).filter(
    (route) => route.DestinationCidrBlock !== input.DestinationCidrBlock || route.GatewayId === 'local',
  );
  if (Routes.length === table.Routes?.length) {
    throw new AwsError(
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block ${input.DestinationCidrBlock} in route table ${input.RouteTableId}`,
    );
  }
  store.routeTables.set(table.RouteTableId ?? '', { ...table, Routes });
  return {};
}

function deleteTable(store: Ec2Store, id: string): object {
  const table = requireRouteTable(store, id);
  if (table.Associations?.length)
    throw new AwsError('DependencyViolation', `The routeTable '${id}' has dependencies and cannot be deleted.`);
  store.routeTables.delete(id);
  store.tags.forget(id);
  return {};
}

function requireGateway(store: Ec2Store, id: string | undefined): InternetGateway {
  const gateway = store.gateways.get(id ?? '');
  if (gateway === undefined)
    throw new AwsError('InvalidInternetGatewayID.NotFound', `The internetGateway ID '${id}' does not exist`);
  return gateway;
}

function show(store: Ec2Store, table: RouteTable): RouteTable {
  return { ...table, Tags: store.tags.of(table.RouteTableId ?? '') };
}
