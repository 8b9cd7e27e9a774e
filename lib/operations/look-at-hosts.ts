import { launchedOn } from '../model/broker/gone-host.ts';
import type { GoneHost, ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { Store } from '../ports/store.ts';

/**
 * Writes down which hosts of a service's nodes are gone for good, and answers all that are. ECS may show a task of such a
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
  return [...state.goneHosts, ...gone];
}

/** Where nodes are to be, where their newest tasks were started, and what the controllers were placed on. */
export function usedHosts({ goals, controllerHosts }: ServiceState): readonly string[] {
  const used = goals.flatMap(({ host, launch }) => [
    ...(host === undefined ? [] : [host.instanceId]),
    ...(launch === undefined ? [] : [launchedOn(launch)]),
  ]);
  return [...new Set([...used, ...(controllerHosts?.hosts ?? []).map(({ host }) => host.instanceId)])];
}
