import { join } from 'node:path';
import type { InternetGateway, RouteTable, SecurityGroup, SecurityGroupRule, Subnet, Tag } from '@aws-sdk/client-ec2';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type {
  EndpointRecord,
  InstanceRecord,
  LaunchTemplateRecord,
  SnapshotRecord,
  VolumeRecord,
  VpcRecord,
} from './records.ts';
import { TagBook } from './tags.ts';

/** All that EC2 remembers; each resource under its id. Times are epoch milliseconds. */
export interface Ec2Store {
  readonly vpcs: DurableMap<VpcRecord>;
  readonly subnets: DurableMap<Subnet>;
  readonly routeTables: DurableMap<RouteTable>;
  readonly gateways: DurableMap<InternetGateway>;
  readonly securityGroups: DurableMap<SecurityGroup>;
  readonly rules: DurableMap<SecurityGroupRule>;
  readonly endpoints: DurableMap<EndpointRecord>;
  readonly templates: DurableMap<LaunchTemplateRecord>;
  readonly instances: DurableMap<InstanceRecord>;
  readonly volumes: DurableMap<VolumeRecord>;
  readonly snapshots: DurableMap<SnapshotRecord>;
  /** Zones without capacity on purpose, and since when. */
  readonly lostZones: DurableMap<number>;
  readonly tags: TagBook;
}

/** Opens the store of a data folder. */
export function openStore(cloud: Cloud): Ec2Store {
  const map = <Value>(name: string): DurableMap<Value> =>
    new DurableMap<Value>(join(cloud.dataFolder, 'ec2', `${name}.jsonl`));
  return {
    vpcs: map('vpcs'),
    subnets: map('subnets'),
    routeTables: map('route-tables'),
    gateways: map('internet-gateways'),
    securityGroups: map('security-groups'),
    rules: map('security-group-rules'),
    endpoints: map('vpc-endpoints'),
    templates: map('launch-templates'),
    instances: map('instances'),
    volumes: map('volumes'),
    snapshots: map('snapshots'),
    lostZones: map('lost-zones'),
    tags: new TagBook(map<readonly Tag[]>('tags')),
  };
}

/** Whether any resource has this id. */
export function isResource(store: Ec2Store, id: string): boolean {
  const { tags: _tags, lostZones: _zones, ...maps } = store;
  return Object.values(maps).some((map) => map.has(id));
}
