import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { normalName, sortKey } from './domain-name.ts';
import { showChange } from './record-sets.ts';
import type { RecordSet, ZoneRecord, ZoneVpc } from './records.ts';
import { invalidInput } from './refusals.ts';
import type { Route53Store } from './store.ts';

const MOST_ITEMS = 100;
/** Of private zones nobody ever asks this server; the zone has it all the same. */
const NAME_SERVER = 'ns-0.awsdns-00.com.';

/** The operations on hosted zones; all of them are private. */
export function zoneHandlers(cloud: Cloud, store: Route53Store): Handlers {
  return {
    async CreateHostedZone(input) {
      const members = ['Name', 'VPC', 'CallerReference', 'HostedZoneConfig'];
      refuseMembers(input, { operation: 'route53 CreateHostedZone', members, code: 'InvalidInput' });
      const name = normalName(input.Name);
      if (input.VPC === undefined)
        throw invalidInput('CreateHostedZone without VPC: public hosted zones are not done in the local cloud');
      const zones = store.zones.values();
      if (zones.some(({ callerReference }) => callerReference === input.CallerReference))
        throw new AwsError(
          'HostedZoneAlreadyExists',
          `A hosted zone has already been created with the specified caller reference. callerReference=${input.CallerReference}`,
        );
      const vpc = await checkVpc(cloud, input.VPC);
      refuseConflict(zones, name, vpc);
      const comment = input.HostedZoneConfig?.Comment;
      const zone: ZoneRecord = {
        id: store.newId('Z'),
        name,
        callerReference: input.CallerReference,
        ...(comment === undefined ? {} : { comment }),
        vpcs: [vpc],
        tags: {},
        recordSets: firstRecordSets(name),
      };
      store.zones.set(zone.id, zone);
      return {
        HostedZone: showZone(zone),
        ChangeInfo: showChange(store.submit()),
        DelegationSet: { NameServers: [NAME_SERVER] },
        VPC: vpc,
        Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
      };
    },

    GetHostedZone({ Id }) {
      const zone = store.zone(Id);
      return { HostedZone: showZone(zone), VPCs: zone.vpcs };
    },

    DeleteHostedZone({ Id }) {
      const zone = store.zone(Id);
      if (zone.recordSets.some(({ type }) => type !== 'NS' && type !== 'SOA'))
        throw new AwsError(
          'HostedZoneNotEmpty',
          'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
        );
      store.zones.delete(zone.id);
      return { ChangeInfo: showChange(store.submit()) };
    },
    ...associationHandlers(cloud, store),
    ...listHandlers(store),
    ...tagHandlers(store),
  };
}

/** Where a zone answers. */
function associationHandlers(cloud: Cloud, store: Route53Store): Handlers {
  return {
    AssociateVPCWithHostedZone: async ({ HostedZoneId, VPC, Comment }) => {
      const zone = store.zone(HostedZoneId);
      const vpc = await checkVpc(cloud, VPC);
      if (!zone.vpcs.some(({ VPCId }) => VPCId === vpc.VPCId)) {
        refuseConflict(store.zones.values(), zone.name, vpc);
        store.zones.set(zone.id, { ...store.zone(HostedZoneId), vpcs: [...zone.vpcs, vpc] });
      }
      return { ChangeInfo: showChange(store.submit(Comment)) };
    },

    DisassociateVPCFromHostedZone({ HostedZoneId, VPC, Comment }) {
      const zone = store.zone(HostedZoneId);
      const vpcs = zone.vpcs.filter(({ VPCId }) => VPCId !== VPC.VPCId);
      if (vpcs.length === zone.vpcs.length)
        throw new AwsError(
          'VPCAssociationNotFound',
          `The VPC: ${VPC.VPCId} is not currently associated with the hosted zone ${zone.id}`,
        );
      if (vpcs.length === 0)
        throw new AwsError(
          'LastVPCAssociation',
          `The VPC: ${VPC.VPCId} in region ${VPC.VPCRegion} is the only VPC associated with the hosted zone ${zone.id}`,
        );
      store.zones.set(zone.id, { ...zone, vpcs });
      return { ChangeInfo: showChange(store.submit(Comment)) };
    },
  };
}

function listHandlers(store: Route53Store): Handlers {
  return {
    ListHostedZones(input) {
      const members = ['Marker', 'MaxItems'];
      refuseMembers(input, { operation: 'route53 ListHostedZones', members, code: 'InvalidInput' });
      const all = store.zones.values().toSorted((one, other) => (one.id < other.id ? -1 : 1));
      const page = pageOf(all, ({ id }) => id >= (input.Marker ?? ''), input.MaxItems);
      return {
        HostedZones: page.zones.map(showZone),
        Marker: input.Marker ?? '',
        IsTruncated: page.next !== undefined,
        MaxItems: page.limit,
        ...(page.next === undefined ? {} : { NextMarker: page.next.id }),
      };
    },

    ListHostedZonesByName({ DNSName, HostedZoneId, MaxItems }) {
      if (HostedZoneId !== undefined && DNSName === undefined)
        throw invalidInput('HostedZoneId is only allowed together with DNSName');
      const positionOf = (name: string, id: string) => `${sortKey(name)} ${id}`;
      const start = DNSName === undefined ? '' : positionOf(DNSName.toLowerCase(), HostedZoneId ?? '');
      const all = store.zones
        .values()
        .toSorted((one, other) => (positionOf(one.name, one.id) < positionOf(other.name, other.id) ? -1 : 1));
      const page = pageOf(all, ({ name, id }) => positionOf(name, id) >= start, MaxItems);
      return {
        HostedZones: page.zones.map(showZone),
        DNSName,
        HostedZoneId,
        IsTruncated: page.next !== undefined,
        MaxItems: page.limit,
        ...(page.next === undefined ? {} : { NextDNSName: page.next.name, NextHostedZoneId: page.next.id }),
      };
    },
  };
}

function tagHandlers(store: Route53Store): Handlers {
  const zoneOf = (input: { readonly ResourceType: string; readonly ResourceId: string }) => {
    if (input.ResourceType === 'hostedzone') return store.zone(input.ResourceId);
    throw invalidInput(`ResourceType ${input.ResourceType} is not done in the local cloud; done: hostedzone`);
  };
  return {
    ChangeTagsForResource(input) {
      const zone = zoneOf(input);
      const added: readonly { readonly Key: string; readonly Value?: string }[] = input.AddTags ?? [];
      const removed: readonly string[] = input.RemoveTagKeys ?? [];
      const kept = Object.entries(zone.tags).filter(([key]) => !removed.includes(key));
      const tags = Object.fromEntries([...kept, ...added.map(({ Key, Value }) => [Key, Value ?? ''])]);
      store.zones.set(zone.id, { ...zone, tags });
    },

    ListTagsForResource(input) {
      const zone = zoneOf(input);
      const Tags = Object.entries(zone.tags).map(([Key, Value]) => ({ Key, Value }));
      return { ResourceTagSet: { ResourceType: 'hostedzone', ResourceId: zone.id, Tags } };
    },
  };
}

function pageOf(all: readonly ZoneRecord[], isFrom: (zone: ZoneRecord) => boolean, maxItems?: number) {
  const limit = Math.min(maxItems ?? MOST_ITEMS, MOST_ITEMS);
  if (limit < 1) throw invalidInput(`MaxItems ${maxItems} is not allowed: 1 to ${MOST_ITEMS}`);
  const found = all.filter(isFrom);
  return { zones: found.slice(0, limit), next: found[limit], limit };
}

function firstRecordSets(name: string): readonly RecordSet[] {
  const soa = `${NAME_SERVER} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { name, type: 'NS', ttl: 172_800, values: [NAME_SERVER] },
    { name, type: 'SOA', ttl: 900, values: [soa] },
  ];
}

function showZone(zone: ZoneRecord): object {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { PrivateZone: true, ...(zone.comment === undefined ? {} : { Comment: zone.comment }) },
    ResourceRecordSetCount: zone.recordSets.length,
  };
}

async function checkVpc(
  cloud: Cloud,
  { VPCId, VPCRegion }: { readonly VPCId?: string; readonly VPCRegion?: string },
): Promise<ZoneVpc> {
  const invalid = (message: string) => new AwsError('InvalidVPCId', message);
  if (VPCId === undefined || VPCRegion === undefined) throw invalidInput('VPC: VPCId and VPCRegion are required');
  if (VPCRegion !== cloud.region)
    throw invalid(`The VPC: ${VPCId} in region ${VPCRegion}: this cloud is ${cloud.region}`);
  try {
    await cloud.call('ec2', 'DescribeVpcs', { VpcIds: [VPCId] });
  } catch (error) {
    if (error instanceof AwsError && error.name === 'InvalidVpcID.NotFound')
      throw invalid(`The VPC: ${VPCId} in region ${VPCRegion} does not exist`);
    throw error;
  }
  return { VPCId, VPCRegion };
}

/** Two zones of one name cannot both answer in a VPC. */
function refuseConflict(zones: readonly ZoneRecord[], name: string, { VPCId, VPCRegion }: ZoneVpc): void {
  const other = zones.find((zone) => zone.name === name && zone.vpcs.some((vpc) => vpc.VPCId === VPCId));
  if (other === undefined) return;
  throw new AwsError(
    'ConflictingDomainExists',
    `The VPC ${VPCId} in region ${VPCRegion} has already been associated with the hosted zone ${other.id} with the same domain name.`,
  );
}
