import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { Store } from '../ports/store.ts';

/**
 * Writes down which hosts of a service's nodes are gone for good. ECS may show a task of such a host as running for ever,
 * or as stopped without an exit code; EC2 proves that none of its processes is left. Idempotent: reconcile looks each time.
 */
export async function lookAtHosts(
  ports: { readonly store: Store; readonly hosts: Hosts; readonly clock: Clock },
  service: string,
): Promise<void> {
  const state = await ports.store.readService(service);
  if (state === undefined) return;
  const known = new Set(state.goneHosts.map(({ instanceId }) => instanceId));
  const used = new Set(state.goals.flatMap(({ host }) => host?.instanceId ?? []));
  const unknown = [...used].filter((instanceId) => !known.has(instanceId));
  if (unknown.length === 0) return;
  for (const instanceId of await ports.hosts.listGone(unknown)) {
    await ports.store.putGoneHost({ service, instanceId, seenAt: ports.clock() });
  }
}
