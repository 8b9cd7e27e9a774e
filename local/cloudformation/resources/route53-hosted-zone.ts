import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { PropertyChange, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, isJsonObject, type JsonObject } from '../template/json.ts';
import { requiredText } from './pick.ts';
import { type KeyValue, tagChange, tagList } from './tag-change.ts';

interface ZoneVpc {
  readonly VPCId: string;
  readonly VPCRegion: string;
}

/** AWS::Route53::HostedZone. */
export const route53HostedZone: ResourceDriver = {
  type: 'AWS::Route53::HostedZone',
  properties: ['HostedZoneConfig', 'HostedZoneTags', 'Name', 'VPCs'],
  replaceOn: ['HostedZoneConfig', 'Name'],
  create: async (context, properties) => {
    const id = await createZone(context, properties);
    context.remember(id);
    await associate(context, id, vpcsOf(properties).slice(1));
    await setTags(context, id, { set: tagList(properties, 'HostedZoneTags'), removed: [] });
    return { physicalId: id, attributes: { Id: id } };
  },
  update: async (context, resource, change) => {
    const id = resource.physicalId;
    await associate(context, id, without(vpcsOf(change.after), vpcsOf(change.before)));
    for (const VPC of without(vpcsOf(change.before), vpcsOf(change.after)))
      await ignoreGone(context.call('route53', 'DisassociateVPCFromHostedZone', { HostedZoneId: id, VPC }));
    await setTags(context, id, tagChange(tagsOnly(change)));
    return resource;
  },
  delete: (context, resource) => ignoreGone(context.call('route53', 'DeleteHostedZone', { Id: resource.physicalId })),
};

/** The first VPC makes the zone private. A zone that an earlier try made is known by its reference. */
async function createZone(context: ResourceContext, properties: JsonObject): Promise<string> {
  const Name = requiredText(properties, 'Name');
  const [VPC] = vpcsOf(properties);
  const config = properties['HostedZoneConfig'];
  const made: { readonly HostedZone: { readonly Id: string } } | undefined = await createOnce(
    context.isRetry,
    context.call('route53', 'CreateHostedZone', {
      Name,
      CallerReference: context.token,
      ...(VPC === undefined ? {} : { VPC }),
      ...(isJsonObject(config) ? { HostedZoneConfig: config } : {}),
    }),
  );
  return plainId(made?.HostedZone.Id ?? (await findZone(context, Name)));
}

async function findZone(context: ResourceContext, DNSName: string): Promise<string> {
  const { HostedZones } = await context.call('route53', 'ListHostedZonesByName', { DNSName });
  for (const { Id, CallerReference } of HostedZones) if (CallerReference === context.token) return Id;
  throw new Error(`The hosted zone ${DNSName} exists, but was made by someone else.`);
}

async function associate(context: ResourceContext, HostedZoneId: string, vpcs: readonly ZoneVpc[]): Promise<void> {
  for (const VPC of vpcs) await context.call('route53', 'AssociateVPCWithHostedZone', { HostedZoneId, VPC });
}

async function setTags(
  context: ResourceContext,
  id: string,
  { set, removed }: { readonly set: readonly KeyValue[]; readonly removed: readonly string[] },
): Promise<void> {
  if (set.length === 0 && removed.length === 0) return;
  await context.call('route53', 'ChangeTagsForResource', {
    ResourceType: 'hostedzone',
    ResourceId: id,
    ...(set.length === 0 ? {} : { AddTags: set }),
    ...(removed.length === 0 ? {} : { RemoveTagKeys: removed }),
  });
}

function vpcsOf(properties: JsonObject): readonly ZoneVpc[] {
  const vpcs = properties['VPCs'];
  if (!isJsonList(vpcs)) return [];
  return vpcs
    .filter(isJsonObject)
    .map((vpc) => ({ VPCId: requiredText(vpc, 'VPCId'), VPCRegion: requiredText(vpc, 'VPCRegion') }));
}

function without(all: readonly ZoneVpc[], others: readonly ZoneVpc[]): readonly ZoneVpc[] {
  return all.filter(({ VPCId }) => !others.some((other) => other.VPCId === VPCId));
}

/** This type's tags have a name of their own. */
function tagsOnly({ before, after, changed }: PropertyChange): PropertyChange {
  const tags = (properties: JsonObject): JsonObject => ({ Tags: properties['HostedZoneTags'] ?? [] });
  return { before: tags(before), after: tags(after), changed };
}

function plainId(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
