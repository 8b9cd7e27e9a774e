import {
  AssociateVPCWithHostedZoneCommand,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  InvalidChangeBatch,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  NoSuchChange,
  NoSuchHostedZone,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SmallCloud, startSmallCloud } from './small-cloud.ts';

let small: SmallCloud;
beforeAll(async () => {
  small = await startSmallCloud(21370);
});
afterAll(() => small.close());

const record = (Name: string, ...addresses: string[]): ResourceRecordSet => ({
  Name,
  Type: 'A',
  TTL: 10,
  ResourceRecords: addresses.map((Value) => ({ Value })),
});
const wrongName = (name: string) => ({ name });

/** A zone of its own VPC, so that tests do not meet. */
async function newZone(name: string) {
  const vpcId = await small.newVpc();
  const { HostedZone, Location } = await small.client.send(
    new CreateHostedZoneCommand({
      Name: name,
      CallerReference: `${name} ${vpcId}`,
      VPC: { VPCId: vpcId, VPCRegion: 'us-east-1' },
      HostedZoneConfig: { Comment: 'names' },
    }),
  );
  return { id: HostedZone?.Id ?? '', vpcId, location: Location };
}

async function change(zoneId: string, ...changes: readonly (readonly [ChangeAction, ResourceRecordSet])[]) {
  const Changes = changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet }));
  const answer = await small.client.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
  );
  return answer.ChangeInfo;
}

/** Looks as a caller does until the change is everywhere. */
async function inSync(changeId: string | undefined): Promise<void> {
  for (;;) {
    const { ChangeInfo } = await small.client.send(new GetChangeCommand({ Id: changeId }));
    if (ChangeInfo?.Status === 'INSYNC') return;
  }
}

async function names(zoneId: string, more: object = {}) {
  const answer = await small.client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, ...more }));
  return answer.ResourceRecordSets?.map(({ Name, Type }) => `${Name} ${Type}`);
}

describe('a private zone', () => {
  test('is made with its NS and SOA and told by its id, also after a restart', async () => {
    const { id, vpcId, location } = await newZone('made.internal');
    expect(id).toMatch(/^\/hostedzone\/Z[A-Z0-9]{20}$/);
    expect(location).toMatch(/\/2013-04-01\/hostedzone\/Z/);
    await small.restart();
    const { HostedZone, VPCs } = await small.client.send(new GetHostedZoneCommand({ Id: id }));
    expect(HostedZone).toMatchObject({
      Id: id,
      Name: 'made.internal.',
      Config: { PrivateZone: true, Comment: 'names' },
      ResourceRecordSetCount: 2,
    });
    expect(VPCs).toEqual([{ VPCId: vpcId, VPCRegion: 'us-east-1' }]);
    expect(await names(id)).toEqual(['made.internal. NS', 'made.internal. SOA']);
  });

  test.each([
    ['public', { VPC: undefined }, 'InvalidInput'],
    ['in a VPC that is not there', { VPC: { VPCId: 'vpc-1', VPCRegion: 'us-east-1' } }, 'InvalidVPCId'],
    ['of a name that is none', { Name: 'a..b' }, 'InvalidInput'],
    ['with a member that is not done', { DelegationSetId: 'N1' }, 'InvalidInput'],
  ])('%s is refused', async (_what, wrong, name) => {
    const VPC = { VPCId: await small.newVpc(), VPCRegion: 'us-east-1' as const };
    const all = { Name: 'refused.internal', CallerReference: String(name), VPC, ...wrong };
    const { VPC: given, ...rest } = all;
    const input = {
      ...rest,
      ...(given === undefined ? {} : { VPC: { VPCId: given.VPCId, VPCRegion: 'us-east-1' as const } }),
    };
    await expect(small.client.send(new CreateHostedZoneCommand(input))).rejects.toMatchObject(wrongName(name));
  });

  test('is made once by its reference, and once of its name in a VPC', async () => {
    const { vpcId } = await newZone('once.internal');
    const VPC = { VPCId: vpcId, VPCRegion: 'us-east-1' as const };
    const again = (CallerReference: string) =>
      small.client.send(new CreateHostedZoneCommand({ Name: 'once.internal', CallerReference, VPC }));
    await expect(again(`once.internal ${vpcId}`)).rejects.toMatchObject(wrongName('HostedZoneAlreadyExists'));
    await expect(again('another')).rejects.toMatchObject(wrongName('ConflictingDomainExists'));
  });

  test('is found by its name', async () => {
    const { id } = await newZone('found.internal');
    const answer = await small.client.send(
      new ListHostedZonesByNameCommand({ DNSName: 'found.internal', MaxItems: 1 }),
    );
    expect(answer.HostedZones?.map((zone) => zone.Id)).toEqual([id]);
  });

  test('keeps its tags', async () => {
    const { id } = await newZone('tagged.internal');
    const of = { ResourceType: 'hostedzone' as const, ResourceId: id.replace('/hostedzone/', '') };
    const AddTags = ['a', 'b'].map((Key) => ({ Key, Value: '1' }));
    await small.client.send(new ChangeTagsForResourceCommand({ ...of, AddTags }));
    await small.client.send(new ChangeTagsForResourceCommand({ ...of, RemoveTagKeys: ['a'] }));
    const { ResourceTagSet } = await small.client.send(new ListTagsForResourceCommand(of));
    expect(ResourceTagSet?.Tags).toEqual([{ Key: 'b', Value: '1' }]);
  });

  test('is deleted only while it holds nothing but NS and SOA', async () => {
    const { id } = await newZone('deleted.internal');
    await change(id, ['CREATE', record('b0.deleted.internal', '10.0.0.1')]);
    const remove = () => small.client.send(new DeleteHostedZoneCommand({ Id: id }));
    await expect(remove()).rejects.toMatchObject(wrongName('HostedZoneNotEmpty'));
    await change(id, ['DELETE', record('b0.deleted.internal', '10.0.0.1')]);
    await remove();
    await expect(small.client.send(new GetHostedZoneCommand({ Id: id }))).rejects.toBeInstanceOf(NoSuchHostedZone);
  });
});

describe('a batch of changes', () => {
  test('is read back with all members, in lower case, and survives a restart', async () => {
    const { id } = await newZone('kept.internal');
    const info = await change(id, ['UPSERT', record('B0.Kept.internal', '10.0.0.1', '10.0.0.2')]);
    expect(info).toMatchObject({ Id: expect.stringMatching(/^\/change\/C[A-Z0-9]{20}$/), Status: 'PENDING' });
    await small.restart();
    const answer = await small.client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: id, StartRecordName: 'b0.kept.internal', MaxItems: 1 }),
    );
    expect(answer.ResourceRecordSets).toEqual([record('b0.kept.internal.', '10.0.0.1', '10.0.0.2')]);
    await inSync(info?.Id);
  });

  const first = record('b0.rules.internal', '10.0.0.1');
  const named = "resource record set [name='b0.rules.internal.', type='A']";
  const missing = "resource record set [name='b9.rules.internal.', type='A']";
  test.each<[string, [ChangeAction, ResourceRecordSet], string]>([
    ['creates what exists', ['CREATE', first], `[Tried to create ${named} but it already exists]`],
    [
      'deletes what is not there',
      ['DELETE', record('b9.rules.internal', '10.0.0.1')],
      `[Tried to delete ${missing} but it was not found]`,
    ],
    [
      'deletes other values',
      ['DELETE', record('b0.rules.internal', '10.0.0.9')],
      `[Tried to delete ${named} but the values provided do not match the current values]`,
    ],
    [
      'leaves the zone',
      ['UPSERT', record('b0.other.internal', '10.0.0.1')],
      '[RRSet with DNS name b0.other.internal. is not permitted in zone rules.internal.]',
    ],
    [
      'gives no address',
      ['UPSERT', record('b0.rules.internal', 'ten')],
      "[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with 'ten'']",
    ],
    [
      'gives an address twice',
      ['UPSERT', record('b0.rules.internal', '10.0.0.1', '10.0.0.1')],
      "[Duplicate Resource Record: '10.0.0.1']",
    ],
  ])('that %s is refused as a whole', async (_what, wrong, message) => {
    const { id } = await newZone('rules.internal');
    await change(id, ['CREATE', first]);
    const batch = change(id, ['UPSERT', record('b1.rules.internal', '10.0.0.2')], wrong);
    await expect(batch).rejects.toBeInstanceOf(InvalidChangeBatch);
    await expect(change(id, wrong)).rejects.toMatchObject({ message });
    expect(await names(id, { StartRecordName: 'b0.rules.internal' })).toEqual(['b0.rules.internal. A']);
  });

  test('of more than 1,000 records is refused, an UPSERT counting twice', async () => {
    const { id } = await newZone('large.internal');
    const upserts = Array.from({ length: 501 }, (_, index): [ChangeAction, ResourceRecordSet] => [
      'UPSERT',
      record(`b${index}.large.internal`, '10.0.0.1'),
    ]);
    await expect(change(id, ...upserts)).rejects.toThrow('Number of records limit of 1000 exceeded.');
    await change(id, ...upserts.slice(1));
  });

  test.each([
    ['an alias', { AliasTarget: { HostedZoneId: 'Z1', DNSName: 'x.y', EvaluateTargetHealth: false } }],
    ['a routing policy', { SetIdentifier: 'one', Weight: 1 }],
    ['another type', { Type: 'CNAME' as const }],
    ['no TTL', { TTL: undefined }],
  ])('with %s is refused by name', async (_what, wrong) => {
    const { id } = await newZone('strict.internal');
    const set = { ...record('b0.strict.internal', '10.0.0.1'), ...wrong };
    await expect(change(id, ['UPSERT', set])).rejects.toMatchObject(wrongName('InvalidInput'));
  });

  test('that nobody made is not known', async () => {
    await expect(small.client.send(new GetChangeCommand({ Id: 'C1' }))).rejects.toBeInstanceOf(NoSuchChange);
  });
});

describe('record sets', () => {
  test('are listed by their labels from the last on, page by page', async () => {
    const { id } = await newZone('list.internal');
    const sets = ['b0.kafka.list.internal', 'b0.kafka-dev.list.internal', 'b1.kafka.list.internal'];
    await change(id, ...sets.map((name): [ChangeAction, ResourceRecordSet] => ['UPSERT', record(name, '10.0.0.1')]));
    expect(await names(id, { StartRecordName: 'kafka.list.internal' })).toEqual([
      'b0.kafka.list.internal. A',
      'b1.kafka.list.internal. A',
    ]);
    const page = await small.client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: id, StartRecordName: 'kafka.list.internal', MaxItems: 1 }),
    );
    expect(page).toMatchObject({ IsTruncated: true, NextRecordName: 'b1.kafka.list.internal.', NextRecordType: 'A' });
    expect(await names(id)).toEqual([
      'list.internal. NS',
      'list.internal. SOA',
      'b0.kafka-dev.list.internal. A',
      'b0.kafka.list.internal. A',
      'b1.kafka.list.internal. A',
    ]);
  });
});

describe('the resolver of a VPC', () => {
  test('answers what its zones hold once the change is in sync, also when the cloud was down meanwhile', async () => {
    const { id, vpcId } = await newZone('asked.internal');
    const info = await change(id, ['UPSERT', record('bootstrap.asked.internal', '10.0.0.1', '10.0.0.2')]);
    await small.restart();
    await inSync(info?.Id);
    const lines = ['# zone asked.internal', '10.0.0.1 bootstrap.asked.internal', '10.0.0.2 bootstrap.asked.internal'];
    expect(small.resolver(vpcId)).toEqual(lines);
    expect(small.resolver(await small.newVpc())).toBeUndefined();
  });

  test('answers in each VPC that the zone is associated with, until the association ends', async () => {
    const { id, vpcId } = await newZone('shared.internal');
    const VPC = { VPCId: await small.newVpc(), VPCRegion: 'us-east-1' as const };
    const added = await small.client.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC }));
    await inSync(added.ChangeInfo?.Id);
    expect(small.resolver(VPC.VPCId)).toEqual(['# zone shared.internal']);
    const ended = await small.client.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId: id, VPC }));
    await inSync(ended.ChangeInfo?.Id);
    expect(small.resolver(VPC.VPCId)).toBeUndefined();
    const last = { VPCId: vpcId, VPCRegion: 'us-east-1' as const };
    await expect(
      small.client.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId: id, VPC: last })),
    ).rejects.toMatchObject(wrongName('LastVPCAssociation'));
  });

  test('asks the most particular zone alone', async () => {
    const { id, vpcId } = await newZone('wide.internal');
    await change(id, ['UPSERT', record('b0.narrow.wide.internal', '10.0.0.1')]);
    const narrow = await small.client.send(
      new CreateHostedZoneCommand({
        Name: 'narrow.wide.internal',
        CallerReference: 'narrow',
        VPC: { VPCId: vpcId, VPCRegion: 'us-east-1' },
      }),
    );
    await inSync(narrow.ChangeInfo?.Id);
    expect(small.resolver(vpcId)).toEqual(['# zone wide.internal', '# zone narrow.wide.internal']);
  });
});
