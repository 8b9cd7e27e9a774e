import type { Right } from '../../core/service.ts';
import { arnIn, type RightsCall, requestTags, tagContext } from './call.ts';

const TYPES: Readonly<Record<string, string>> = {
  i: 'instance',
  igw: 'internet-gateway',
  lt: 'launch-template',
  rtb: 'route-table',
  sg: 'security-group',
  snap: 'snapshot',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
};

/**
 * Volumes and instances on their ARNs with their tags; what is created on its kind with the tags of the request, and
 * ec2:CreateTags with ec2:CreateAction for those. Describe calls have no resource level.
 * Source: Service Authorization Reference, Amazon EC2; EC2 user guide, grant permission to tag on creation.
 */
export async function ec2Rights(call: RightsCall): Promise<readonly Right[] | undefined> {
  const { operation, input } = call;
  switch (operation) {
    case 'CreateVolume': {
      const { SnapshotId: snapshot } = input;
      return [
        ...created(call, 'volume'),
        ...(snapshot === undefined ? [] : [{ action: 'ec2:CreateVolume', resource: snapshotArn(call, snapshot) }]),
      ];
    }
    case 'CreateSnapshot':
      return [...(await existing(call, [input.VolumeId])), ...created(call, 'snapshot')];
    case 'AttachVolume':
    case 'DetachVolume':
      return existing(call, [input.VolumeId, input.InstanceId ?? (await holderOf(call, input.VolumeId))]);
    case 'DeleteVolume':
    case 'ModifyVolume':
      return existing(call, [input.VolumeId]);
    case 'TerminateInstances':
    case 'StopInstances':
    case 'StartInstances':
    case 'RebootInstances':
      return existing(call, input.InstanceIds ?? []);
    case 'CreateTags':
    case 'DeleteTags':
      return existing(call, input.Resources ?? [], requestTags(input.Tags));
    default:
      return undefined;
  }
}

/** Snapshots belong to the account that owns them, which their ARNs leave out. */
function snapshotArn({ cloud }: RightsCall, id: string): string {
  return `arn:aws:ec2:${cloud.region}::snapshot/${id}`;
}

function created(call: RightsCall, type: 'volume' | 'snapshot'): Right[] {
  const { operation, input } = call;
  const tags = (input.TagSpecifications ?? []).flatMap((one: { Tags?: readonly object[] }) => one.Tags ?? []);
  const resource = type === 'snapshot' ? snapshotArn(call, '*') : arnIn(call, 'ec2', `${type}/*`);
  const context = requestTags(tags);
  const rights: Right[] = [{ action: `ec2:${operation}`, resource, context }];
  if (tags.length > 0)
    rights.push({ action: 'ec2:CreateTags', resource, context: { 'ec2:createaction': operation, ...context } });
  return rights;
}

async function existing(
  call: RightsCall,
  ids: readonly (string | undefined)[],
  context: Right['context'] = {},
): Promise<Right[]> {
  const given = ids.filter((id) => id !== undefined);
  return Promise.all(
    given.map(async (id) => ({
      action: `ec2:${call.operation}`,
      resource: arnIn(call, 'ec2', `${TYPES[id.slice(0, id.lastIndexOf('-'))] ?? '*'}/${id}`),
      context: { ...context, ...(await resourceTags(call, id)) },
    })),
  );
}

async function resourceTags({ cloud }: RightsCall, id: string): Promise<Record<string, string>> {
  const { Tags } = await cloud.call('ec2', 'DescribeTags', { Filters: [{ Name: 'resource-id', Values: [id] }] });
  return { ...tagContext('aws:resourcetag', Tags), ...tagContext('ec2:resourcetag', Tags) };
}

/** DetachVolume may leave the instance out: it is the one that holds the volume. */
async function holderOf({ cloud }: RightsCall, volumeId: string): Promise<string | undefined> {
  const Filters = [{ Name: 'volume-id', Values: [volumeId] }];
  const { Volumes } = await cloud.call('ec2', 'DescribeVolumes', { Filters });
  return Volumes?.[0]?.Attachments?.[0]?.InstanceId;
}
