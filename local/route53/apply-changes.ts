import { isIPv4 } from 'node:net';
import { isWithin, normalName } from './domain-name.ts';
import type { RecordSet, RecordType } from './records.ts';
import { invalidChangeBatch, invalidInput } from './refusals.ts';

/** A change as the request has it. */
export interface ChangeRequest {
  readonly Action: string;
  readonly ResourceRecordSet: {
    readonly Name: string;
    readonly Type: string;
    readonly TTL?: number;
    readonly ResourceRecords?: readonly { readonly Value: string }[];
  };
}

type Action = 'CREATE' | 'DELETE' | 'UPSERT';

interface Change {
  readonly action: Action;
  readonly set: RecordSet;
}

const ACTIONS: readonly Action[] = ['CREATE', 'DELETE', 'UPSERT'];
const TYPES: readonly RecordType[] = ['A', 'NS', 'SOA', 'TXT'];
const MEMBERS = ['Name', 'Type', 'TTL', 'ResourceRecords'];
const MOST_RECORDS = 1000;
const LONGEST_TTL = 2_147_483_647;

/**
 * The record sets of a zone after a batch: all of it or nothing, the changes in their order.
 * @throws AwsError InvalidChangeBatch with the reasons of all changes, InvalidInput for a change that cannot be read
 */
export function applyChanges(
  zone: { readonly name: string; readonly recordSets: readonly RecordSet[] },
  requests: readonly ChangeRequest[],
): readonly RecordSet[] {
  const changes = requests.map(readChange);
  // An UPSERT counts twice, as the two changes that it may become.
  const records = changes.reduce((sum, { action, set }) => sum + set.values.length * (action === 'UPSERT' ? 2 : 1), 0);
  if (changes.length === 0) throw invalidInput('ChangeBatch.Changes: at least one change is needed');
  if (records > MOST_RECORDS) throw invalidChangeBatch([`Number of records limit of ${MOST_RECORDS} exceeded.`]);
  const sets = new Map(zone.recordSets.map((set) => [keyOf(set), set]));
  const refusals: string[] = [];
  for (const change of changes) {
    const refusal = refuseChange(zone.name, sets, change);
    if (refusal !== undefined) refusals.push(refusal);
    else if (change.action === 'DELETE') sets.delete(keyOf(change.set));
    else sets.set(keyOf(change.set), change.set);
  }
  if (refusals.length > 0) throw invalidChangeBatch(refusals);
  return [...sets.values()];
}

function readChange({ Action, ResourceRecordSet: given }: ChangeRequest): Change {
  const action = ACTIONS.find((known) => known === Action);
  if (action === undefined) throw invalidInput(`Action ${Action} is not one of ${ACTIONS.join(', ')}`);
  const type = TYPES.find((known) => known === given.Type);
  if (type === undefined)
    throw invalidInput(`Type ${given.Type} is not done in the local cloud; done: ${TYPES.join(', ')}`);
  const extra = Object.entries(given).filter(([name, value]) => value !== undefined && !MEMBERS.includes(name));
  if (extra.length > 0)
    throw invalidInput(
      `ResourceRecordSet: ${extra.map(([name]) => name).join(', ')} is not done in the local cloud; done: ${MEMBERS.join(', ')}`,
    );
  const values = (given.ResourceRecords ?? []).map(({ Value }) => Value);
  if (given.TTL === undefined || values.length === 0)
    throw invalidInput(
      `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=${Action}, Name=${given.Name}, Type=${given.Type}, SetIdentifier=null]`,
    );
  if (given.TTL < 0 || given.TTL > LONGEST_TTL)
    throw invalidInput(`TTL ${given.TTL} is not allowed: 0 to ${LONGEST_TTL} seconds`);
  return { action, set: { name: normalName(given.Name), type, ttl: given.TTL, values } };
}

/** Why one change cannot be done after those before it, in Route 53's words. */
function refuseChange(zone: string, sets: ReadonlyMap<string, RecordSet>, { action, set }: Change): string | undefined {
  const named = `resource record set [name='${set.name}', type='${set.type}']`;
  const current = sets.get(keyOf(set));
  if (!isWithin(set.name, zone)) return `RRSet with DNS name ${set.name} is not permitted in zone ${zone}`;
  if (set.type === 'NS' || set.type === 'SOA')
    return `${named} cannot be changed in the local cloud: it was made with the zone`;
  const wrong = refuseValues(set);
  if (wrong !== undefined) return wrong;
  if (action === 'CREATE' && current !== undefined) return `Tried to create ${named} but it already exists`;
  if (action !== 'DELETE') return undefined;
  if (current === undefined) return `Tried to delete ${named} but it was not found`;
  if (sameSet(current, set)) return undefined;
  return `Tried to delete ${named} but the values provided do not match the current values`;
}

function refuseValues({ type, values }: RecordSet): string | undefined {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) return `Duplicate Resource Record: '${twice}'`;
  const wrong = values.find(
    (value) => !(type === 'A' ? isIPv4(value) : /^"[^"]{0,255}"( "[^"]{0,255}")*$/.test(value)),
  );
  if (wrong === undefined) return undefined;
  const problem =
    type === 'A'
      ? 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'
      : 'InvalidCharacterString (Value should be enclosed in quotation marks)';
  return `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${wrong}''`;
}

/** The order of the values means nothing. */
function sameSet(one: RecordSet, other: RecordSet): boolean {
  return one.ttl === other.ttl && one.values.toSorted().join('\n') === other.values.toSorted().join('\n');
}

function keyOf({ name, type }: RecordSet): string {
  return `${name} ${type}`;
}
