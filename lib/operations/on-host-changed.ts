import { payloadVersion } from '../model/plan/execution.ts';
import type { PlanRunner } from '../ports/plan-runner.ts';
import type { Store } from '../ports/store.ts';
import { usedHosts } from './look-at-hosts.ts';

/** A change after which nodes leave a host; `name` stands for this very change, so that what tells of it twice does no more. */
export interface HostChange {
  readonly instanceId: string;
  readonly name: string;
}

/**
 * A host ended or drains. The event is a hint: the look at the hosts, which asks EC2 and ECS, is made at once instead of
 * with the next sweep, for the services that have nodes there. Idempotent.
 */
export async function onHostChanged(
  ports: { readonly store: Store; readonly planRunner: PlanRunner },
  { instanceId, name }: HostChange,
): Promise<void> {
  const services: string[] = [];
  for (const service of await ports.store.listServices()) {
    const state = await ports.store.readService(service);
    if (state !== undefined && usedHosts(state).includes(instanceId)) services.push(service);
  }
  if (services.length === 0) return;
  await ports.planRunner.start('reconcile', `host-${instanceId}-${name}`, { v: payloadVersion, services });
}
