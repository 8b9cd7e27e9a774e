import { controllerPlaces } from '../broker/controller-places.ts';
import { isBroker, isController, type NodeId } from '../node.ts';
import type { ServiceState } from '../state.ts';
import type { NameRecord } from './name-record.ts';
import { bootstrapName, type NamedService, namedService, nodeName } from './node-name.ts';

/** Short: a node that moves is found again soon. Java keeps an answer for 30 s anyway. */
const ttlSeconds = 10;

/**
 * What must be published before a node starts: its own name; for a broker the bootstrap name with all brokers that have
 * a host; for a controller the names of all controllers, which are in its file and which nobody may have failed to find.
 * None for a service without a zone.
 */
export function namesBeforeStart(state: ServiceState, nodeId: NodeId): readonly NameRecord[] {
  const named = namedService(state.target);
  if (named === undefined) return [];
  const controllers = isController(state.target, nodeId) ? controllerNames(state, named) : [];
  const brokers = isBroker(state.target, nodeId) ? brokerNames(state, named) : [];
  const own = nodeName(named, nodeId);
  return [...controllers, ...brokers.filter(({ name }) => name === own || name === bootstrapName(named))].filter(
    ({ name }, index, all) => all.findIndex((record) => record.name === name) === index,
  );
}

/** Everything that the zone should say of a service now. None for one without a zone, and for one that goes away. */
export function namesOfService(state: ServiceState): readonly NameRecord[] {
  const named = namedService(state.target);
  if (named === undefined || state.wish.uninstall !== undefined) return [];
  const records = [...controllerNames(state, named), ...brokerNames(state, named)];
  return [...new Map(records.map((record) => [record.name, record])).values()];
}

/** Those of the wanted names that the zone lacks or answers otherwise. */
export function missingNames(wanted: readonly NameRecord[], found: readonly NameRecord[]): readonly NameRecord[] {
  return wanted.filter((record) => !found.some((other) => sameRecord(record, other)));
}

export function sameNames(one: readonly NameRecord[], other: readonly NameRecord[]): boolean {
  return one.length === other.length && missingNames(one, other).length === 0;
}

function controllerNames(state: ServiceState, named: NamedService): readonly NameRecord[] {
  return controllerPlaces(state).map(({ nodeId, host }) => recordOf(nodeName(named, nodeId), [host.address]));
}

function brokerNames(state: ServiceState, named: NamedService): readonly NameRecord[] {
  const placed = state.goals.flatMap(({ nodeId, host }) =>
    host !== undefined && isBroker(state.target, nodeId) ? [{ nodeId, address: host.address }] : [],
  );
  if (placed.length === 0) return [];
  const all = placed.map(({ address }) => address);
  const own = placed.map(({ nodeId, address }) => recordOf(nodeName(named, nodeId), [address]));
  return [...own, recordOf(bootstrapName(named), all)];
}

/** Several brokers may share a host; Route 53 refuses an address that stands twice in a record. */
function recordOf(name: string, addresses: readonly string[]): NameRecord {
  return { name, addresses: [...new Set(addresses)].sort(), ttlSeconds };
}

function sameRecord(one: NameRecord, other: NameRecord): boolean {
  return (
    one.name === other.name &&
    one.ttlSeconds === other.ttlSeconds &&
    [...one.addresses].sort().join() === [...other.addresses].sort().join()
  );
}
