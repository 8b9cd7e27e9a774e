import { payloadVersion } from '../model/plan/execution.ts';
import type { Clock } from '../ports/clock.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { usedHosts } from './look-at-hosts.ts';

/**
 * A change after which nodes leave a host, or whose end nobody would tell of; `name` stands for this very change, so that
 * what tells of it twice does no more.
 */
export interface HostChange {
  readonly instanceId: string;
  readonly name: string;
  /** Its agent is out of touch from now on, or in touch again. */
  readonly agent?: 'lost' | 'back';
}

/**
 * A host ended, drains, or its agent came or went. The event is a hint: the look at the hosts, which asks EC2 and ECS, is made at once instead of
 * with the next sweep, for the services that have nodes there; after an agent went only
 * once it has been gone for longer than a moment. Idempotent.
 */
export async function onHostChanged(
  ports: { readonly store: Store; readonly planRunner: PlanRunner; readonly clock: Clock },
  { instanceId, name, agent }: HostChange,
): Promise<void> {
  const services: string[] = [];
  for (const service of await ports.store.listServices()) {
    const state = await ports.store.readService(service);
    if (state === undefined || !usedHosts(state).includes(instanceId)) continue;
    const isKnownSilent = state.hostsSeen.some(
      (host) => host.instanceId === instanceId && host.silentSince !== undefined,
    );
    // ECS tells of an agent with each of its changes, whatever it was.
    if (agent === undefined || isKnownSilent === (agent === 'back')) services.push(service);
  }
  if (services.length === 0) return;
  const silence = agent === 'lost' ? { silence: { instanceId, since: ports.clock() } } : {};
  await ports.planRunner.start('reconcile', `host-${instanceId}-${name}`, { v: payloadVersion, services, ...silence });
}
