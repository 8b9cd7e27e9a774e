import type {
  CreateVpcEndpointRequest,
  DeleteVpcEndpointsRequest,
  DescribeVpcEndpointsRequest,
  ModifyVpcEndpointRequest,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { onlyMembers } from '../hosts/only-members.ts';
import { filterBy, pageOf } from './describe.ts';
import { newId } from './ids.ts';
import type { EndpointRecord } from './records.ts';
import { requireRouteTable } from './route-tables.ts';
import type { Ec2Store } from './store.ts';
import { tagsFor } from './tags.ts';

const FULL_ACCESS =
  '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';

/** Gateway endpoints (DynamoDB, S3); the design has no other kind. */
export function vpcEndpointHandlers(cloud: Cloud, store: Ec2Store): Handlers {
  return {
    CreateVpcEndpoint: (input: CreateVpcEndpointRequest) => ({ VpcEndpoint: createEndpoint(cloud, store, input) }),
    DescribeVpcEndpoints: (input: DescribeVpcEndpointsRequest) => {
      onlyMembers('DescribeVpcEndpoints', input, ['VpcEndpointIds', 'Filters', 'MaxResults', 'NextToken']);
      const wanted = input.VpcEndpointIds?.length
        ? input.VpcEndpointIds.map((id) => requireEndpoint(store, id))
        : store.endpoints.values();
      const found = filterBy(wanted, input.Filters, (one) => ({
        values: {
          'vpc-endpoint-id': [one.VpcEndpointId],
          'vpc-id': [one.VpcId],
          'service-name': [one.ServiceName],
          'vpc-endpoint-state': ['available'],
        },
        tags: store.tags.of(one.VpcEndpointId ?? ''),
      }));
      const { items, ...rest } = pageOf(found, input);
      return { VpcEndpoints: items.map((one) => show(store, one)), ...rest };
    },
    ModifyVpcEndpoint: (input: ModifyVpcEndpointRequest) => {
      onlyMembers('ModifyVpcEndpoint', input, [
        'VpcEndpointId',
        'PolicyDocument',
        'ResetPolicy',
        'AddRouteTableIds',
        'RemoveRouteTableIds',
      ]);
      const record = requireEndpoint(store, input.VpcEndpointId ?? '');
      for (const id of input.AddRouteTableIds ?? []) requireRouteTable(store, id);
      const kept = (record.RouteTableIds ?? []).filter((id) => !input.RemoveRouteTableIds?.includes(id));
      const PolicyDocument = input.ResetPolicy === true ? FULL_ACCESS : (input.PolicyDocument ?? record.PolicyDocument);
      const RouteTableIds = [...new Set([...kept, ...(input.AddRouteTableIds ?? [])])];
      store.endpoints.set(record.VpcEndpointId ?? '', { ...record, PolicyDocument, RouteTableIds });
      return { Return: true };
    },
    DeleteVpcEndpoints: (input: DeleteVpcEndpointsRequest) => {
      const ids = input.VpcEndpointIds ?? [];
      const unknown = ids.filter((id) => !store.endpoints.has(id));
      for (const id of ids) {
        store.endpoints.delete(id);
        store.tags.forget(id);
      }
      const notFound = { Code: 'InvalidVpcEndpoint.NotFound', Message: 'The Vpc Endpoint Id does not exist' };
      return { Unsuccessful: unknown.map((ResourceId) => ({ ResourceId, Error: notFound })) };
    },
  };
}

function createEndpoint(cloud: Cloud, store: Ec2Store, input: CreateVpcEndpointRequest): VpcEndpoint {
  onlyMembers('CreateVpcEndpoint', input, [
    'VpcEndpointType',
    'VpcId',
    'ServiceName',
    'RouteTableIds',
    'PolicyDocument',
    'ClientToken',
    'TagSpecifications',
  ]);
  if (input.VpcEndpointType !== undefined && input.VpcEndpointType !== 'Gateway') {
    throw new AwsError(
      'UnsupportedOperation',
      `CreateVpcEndpoint: VpcEndpointType '${input.VpcEndpointType}' is not done; use 'Gateway'.`,
    );
  }
  if (!store.vpcs.has(input.VpcId ?? ''))
    throw new AwsError('InvalidVpcId.NotFound', `The Vpc Id ${input.VpcId} does not exist`);
  for (const id of input.RouteTableIds ?? []) requireRouteTable(store, id);
  const record: EndpointRecord = {
    VpcEndpointId: newId('vpce'),
    VpcEndpointType: 'Gateway',
    VpcId: input.VpcId,
    ServiceName: input.ServiceName,
    // The service answers in small letters, whatever the SDK's type says.
    State: 'available' as NonNullable<VpcEndpoint['State']>,
    PolicyDocument: input.PolicyDocument ?? FULL_ACCESS,
    RouteTableIds: input.RouteTableIds ?? [],
    SubnetIds: [],
    Groups: [],
    OwnerId: cloud.accountId,
    createdAt: Date.now(),
  };
  store.endpoints.set(record.VpcEndpointId ?? '', record);
  store.tags.add(record.VpcEndpointId ?? '', tagsFor('vpc-endpoint', input.TagSpecifications));
  return show(store, record);
}

function requireEndpoint(store: Ec2Store, id: string): EndpointRecord {
  const found = store.endpoints.get(id);
  if (found === undefined)
    throw new AwsError('InvalidVpcEndpointId.NotFound', `The Vpc Endpoint Id '${id}' does not exist`);
  return found;
}

function show(store: Ec2Store, { createdAt, ...record }: EndpointRecord): VpcEndpoint {
  return { ...record, CreationTimestamp: new Date(createdAt), Tags: store.tags.of(record.VpcEndpointId ?? '') };
}
