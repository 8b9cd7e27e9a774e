import {
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { NameRecord } from '../model/names/name-record.ts';
import type { Names, NamesChange } from '../ports/names.ts';
import { awsCall, NamesError } from './operating-errors.ts';

/** A batch may hold 1,000 records, and an UPSERT counts twice. */
const recordsPerBatch = 400;

/** Whatever takes Route 53's commands. */
type Client = Pick<Route53Client, 'send'>;

/** The port Names on Route 53. */
export function createRoute53Names(options: {
  readonly zone: string;
  readonly hostedZoneId: string;
  readonly client?: Client;
}): Names {
  const { zone, hostedZoneId, client = new Route53Client({}) } = options;
  const submit = (asked: string, action: ChangeAction, records: readonly NameRecord[]) =>
    awsCall(() => changeAll(client, { hostedZoneId, action, records }), { asked, as: NamesError });
  return {
    zone,
    list: (domain) =>
      awsCall(() => listBelow(client, hostedZoneId, domain), { asked: `list the names of ${domain}`, as: NamesError }),
    async publish(records) {
      const changeId = await submit(`publish ${namesOf(records)}`, 'UPSERT', records);
      if (changeId === undefined) throw new Error('Route 53 answered without a change');
      return changeId;
    },
    change: (changeId) =>
      awsCall(() => stateOf(client, changeId), {
        asked: `ask for the change ${changeId}`,
        as: NamesError,
        known: { NoSuchChange: () => 'unknown' },
      }),
    async remove(records) {
      await submit(`remove ${namesOf(records)}`, 'DELETE', records);
    },
  };
}

function namesOf(records: readonly NameRecord[]): string {
  return records.map(({ name }) => name).join(', ');
}

/** Answers the id of the last change: when that one is everywhere, those before it are. */
async function changeAll(
  client: Client,
  change: { readonly hostedZoneId: string; readonly action: ChangeAction; readonly records: readonly NameRecord[] },
): Promise<string | undefined> {
  let changeId: string | undefined;
  for (const batch of batchesOf(change.records)) {
    const Changes = batch.map((record) => ({ Action: change.action, ResourceRecordSet: recordSet(record) }));
    const answer = await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: change.hostedZoneId, ChangeBatch: { Changes } }),
    );
    changeId = answer.ChangeInfo?.Id;
  }
  return changeId;
}

function batchesOf(records: readonly NameRecord[]): readonly (readonly NameRecord[])[] {
  const batches: NameRecord[][] = [];
  let size = recordsPerBatch;
  for (const record of records) {
    size += record.addresses.length;
    if (size > recordsPerBatch) {
      batches.push([]);
      size = record.addresses.length;
    }
    batches.at(-1)?.push(record);
  }
  return batches;
}

/** Names are listed by their labels from the last on: all below a domain stand together, and after the domain itself. */
async function listBelow(client: Client, HostedZoneId: string, domain: string): Promise<readonly NameRecord[]> {
  const found: NameRecord[] = [];
  let start: { readonly StartRecordName: string; readonly StartRecordType?: ResourceRecordSet['Type'] } | undefined = {
    StartRecordName: domain,
  };
  while (start !== undefined) {
    const page: ListResourceRecordSetsCommandOutput = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId, ...start }),
    );
    const sets = page.ResourceRecordSets ?? [];
    found.push(...sets.flatMap((set) => readRecordSet(set)).filter(({ name }) => name.endsWith(`.${domain}`)));
    const { NextRecordName: name, NextRecordType: type } = page;
    const goesOn = name !== undefined && withoutDot(name).endsWith(`.${domain}`);
    start = goesOn ? { StartRecordName: name, ...(type === undefined ? {} : { StartRecordType: type }) } : undefined;
  }
  return found;
}

async function stateOf(client: Client, Id: string): Promise<NamesChange> {
  const { ChangeInfo } = await client.send(new GetChangeCommand({ Id }));
  return ChangeInfo?.Status === 'INSYNC' ? 'everywhere' : 'on its way';
}

function recordSet({ name, addresses, ttlSeconds }: NameRecord): ResourceRecordSet {
  return { Name: name, Type: 'A', TTL: ttlSeconds, ResourceRecords: addresses.map((Value) => ({ Value })) };
}

/** Aliases and routing policies are never ours. */
function readRecordSet(set: ResourceRecordSet): readonly NameRecord[] {
  if (set.Type !== 'A' || set.SetIdentifier !== undefined || set.TTL === undefined) return [];
  const addresses = (set.ResourceRecords ?? []).flatMap(({ Value }) => Value ?? []).sort();
  return addresses.length === 0 ? [] : [{ name: withoutDot(set.Name ?? ''), addresses, ttlSeconds: set.TTL }];
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
