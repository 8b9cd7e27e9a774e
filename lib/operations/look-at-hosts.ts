import { isGone, launchedOn } from '../model/broker/gone-host.ts';
import type { Host } from '../model/placement/host.ts';
import type { GoneHost, ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { Store } from '../ports/store.ts';

/**
 * Writes down which hosts of a service's nodes are gone for good, and answers all that are; of the others what ECS shows. ECS may show a task of such a
 * host as running for ever, or as stopped without an exit code; EC2 proves that none of its processes is left. Idempotent:
 * reconcile looks each time, events of hosts make it look at once, and a step that gets no further with its host.
 */
export async function lookAtHosts(
  ports: { readonly store: Store; readonly hosts: Hosts; readonly clock: Clock },
  service: string,
): Promise<readonly GoneHost[]> {
  const state = await ports.store.readService(service);
  if (state === undefined) return [];
  const known = new Set(state.goneHosts.map(({ instanceId }) => instanceId));
  const unknown = usedHosts(state).filter((instanceId) => !known.has(instanceId));
  const found = unknown.length === 0 ? [] : await ports.hosts.listGone(unknown);
  const gone = found.map((instanceId) => ({ service, instanceId, seenAt: ports.clock() }));
  for (const fact of gone) await ports.store.putGoneHost(fact);
  const goneHosts = [...state.goneHosts, ...gone];
  const shown = await ports.hosts.list();
  await noteSights(ports, { ...state, goneHosts }, shown);
  await noteEmptyZones(ports, state, shown);
  return goneHosts;
}

/** What ECS shows of the hosts that nodes are on; stored when it is something else than before. */
async function noteSights(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { target, goals, hostsSeen, goneHosts }: ServiceState,
  shown: readonly Host[],
): Promise<void> {
  const used = new Set(goals.flatMap(({ host }) => host?.instanceId ?? []));
  for (const instanceId of used) {
    if (isGone({ goneHosts }, instanceId)) continue;
    const before = hostsSeen.find((seen) => seen.instanceId === instanceId);
    const host = shown.find((candidate) => candidate.instanceId === instanceId);
    const silentSince = host?.agentConnected === true ? undefined : (before?.silentSince ?? clock());
    const status = host?.status ?? 'INACTIVE';
    if (before?.status === status && before.silentSince === silentSince) continue;
    const silence = silentSince === undefined ? {} : { silentSince };
    await store.putHostSeen({ service: target.service, instanceId, status, ...silence });
  }
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
