import { isGone, launchedOn } from '../model/broker/gone-host.ts';
import { tasksEndedBy } from '../model/broker/stopped-host.ts';
import { openFence } from '../model/hosts/fence.ts';
import type { GoneHost, HostSeen } from '../model/hosts/records.ts';
import { silentHost } from '../model/hosts/silent-host.ts';
import type { Host } from '../model/placement/host.ts';
import type { ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { Store } from '../ports/store.ts';

interface Ports {
  readonly store: Store;
  readonly hosts: Hosts;
  readonly clock: Clock;
}

/** An event said that the agent of a host is out of touch since then, in epoch milliseconds. */
export interface ToldSilence {
  readonly instanceId: string;
  readonly since: number;
}

/**
 * Writes down which hosts of a service's nodes are gone for good, and answers all that are; of the others what ECS shows, and
 * whether EC2 has stopped them. ECS may show a task of such a
 * host as running for ever, or as stopped without an exit code; EC2 proves that none of its processes is left. Idempotent:
 * reconcile looks each time, events of hosts make it look at once, and a step that gets no further with its host.
 */
export async function lookAtHosts(ports: Ports, service: string, told?: ToldSilence): Promise<readonly GoneHost[]> {
  const state = await ports.store.readService(service);
  if (state === undefined) return [];
  const known = new Set(state.goneHosts.map(({ instanceId }) => instanceId));
  const unknown = usedHosts(state).filter((instanceId) => !known.has(instanceId));
  const found = unknown.length === 0 ? [] : await ports.hosts.listGone(unknown);
  const gone = found.map((instanceId) => ({ service, instanceId, seenAt: ports.clock() }));
  for (const fact of gone) await ports.store.putGoneHost(fact);
  const goneHosts = [...state.goneHosts, ...gone];
  const shown = await ports.hosts.list();
  await noteSights(ports, { ...state, goneHosts }, { shown, told });
  await noteEmptyZones(ports, state, shown);
  return goneHosts;
}

/** Whether a host of the service needs a closer look: it is out of touch for longer than a moment, or is to be ended. */
export async function hostsNeedALook({ store, clock }: Omit<Ports, 'hosts'>, service: string): Promise<boolean> {
  const state = await store.readService(service);
  if (state === undefined) return false;
  const now = clock();
  return usedHosts(state).some(
    (instanceId) => silentHost(state, instanceId, now) !== undefined || openFence([state], instanceId) !== undefined,
  );
}

/** What ECS and EC2 show of the hosts that nodes are on; stored when it is something else than before. */
async function noteSights(
  { store, clock }: Ports,
  state: ServiceState,
  { shown, told }: { readonly shown: readonly Host[]; readonly told: ToldSilence | undefined },
): Promise<void> {
  const used = new Set(state.goals.flatMap(({ host }) => host?.instanceId ?? []));
  for (const instanceId of used) {
    if (isGone(state, instanceId)) continue;
    const before = state.hostsSeen.find((seen) => seen.instanceId === instanceId);
    const host = shown.find((candidate) => candidate.instanceId === instanceId);
    const since = told?.instanceId === instanceId ? told.since : clock();
    const seen = sightOf(state, { instanceId, host, before, since, now: clock() });
    if (!isAsBefore(before, seen)) await store.putHostSeen(seen);
  }
}

interface Sight {
  readonly instanceId: string;
  readonly host: Host | undefined;
  readonly before: HostSeen | undefined;
  /** When it fell silent, if it has now. */
  readonly since: number;
  readonly now: number;
}

function sightOf(state: ServiceState, sight: Sight): HostSeen {
  const { instanceId, host, before, now } = sight;
  const isConnected = host?.agentConnected === true;
  const isStopped = host?.isStopped === true && !isConnected;
  const endedTasks = isStopped ? tasksEndedBy(state, instanceId) : (before?.endedTasks ?? []);
  return {
    service: state.target.service,
    instanceId,
    status: host?.status ?? 'INACTIVE',
    ...(isConnected ? {} : { silentSince: silentSince(state, sight) }),
    ...(isStopped ? { stoppedSince: before?.stoppedSince ?? now } : {}),
    ...(endedTasks.length === 0 ? {} : { endedTasks }),
  };
}

/** An agent that took a task over was in touch then, also when nobody looked. */
function silentSince(
  { goals }: ServiceState,
  { instanceId, before, since }: Pick<Sight, 'instanceId' | 'before' | 'since'>,
): number {
  const launches = goals.flatMap(({ launch }) => launch ?? []);
  const taken = launches.filter((launch) => launch.taskArn !== undefined && launchedOn(launch) === instanceId);
  const first = Math.min(before?.silentSince ?? since, since);
  return Math.max(first, ...taken.map(({ requestedAt }) => requestedAt + 1));
}

function isAsBefore(before: HostSeen | undefined, seen: HostSeen): boolean {
  return (
    before?.status === seen.status &&
    before.silentSince === seen.silentSince &&
    before.stoppedSince === seen.stoppedSince &&
    before.endedTasks?.join() === seen.endedTasks?.join()
  );
}

/** The zones of volumes in which no host could take a node now; stored when it is something else than before. */
async function noteEmptyZones(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { target: { service }, goals, emptyZones }: ServiceState,
  shown: readonly Host[],
): Promise<void> {
  const zones = [...new Set(goals.flatMap(({ volume }) => volume?.zone ?? []))].sort();
  const isThere = ({ status, agentConnected }: Host): boolean => status === 'ACTIVE' && agentConnected;
  const before = emptyZones?.zones ?? [];
  const now = zones
    .filter((zone) => !shown.some((host) => host.zone === zone && isThere(host)))
    .map((zone) => ({ zone, since: before.find((empty) => empty.zone === zone)?.since ?? clock() }));
  if (now.map(({ zone }) => zone).join() === before.map(({ zone }) => zone).join()) return;
  await store.putEmptyZones({ service, zones: now });
}

/** Where nodes are to be, where their newest tasks were started, and what the controllers were placed on. */
export function usedHosts({ goals, controllerHosts }: ServiceState): readonly string[] {
  const used = goals.flatMap(({ host, launch }) => [
    ...(host === undefined ? [] : [host.instanceId]),
    ...(launch === undefined ? [] : [launchedOn(launch)]),
  ]);
  return [...new Set([...used, ...(controllerHosts?.hosts ?? []).map(({ host }) => host.instanceId)])];
}
