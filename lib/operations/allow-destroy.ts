import type { InstallBar } from '../model/deployment/install-bar.ts';
import type { Clock, NewId } from '../ports/clock.ts';
import type { Deployment } from '../ports/deployment.ts';
import type { Store } from '../ports/store.ts';

/** What the permission to destroy the deployment needs. */
export interface DeploymentPorts {
  readonly store: Store;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly newId: NewId;
}

export type AllowDestroyResult =
  | { readonly type: 'allowed' }
  | { readonly type: 'services live'; readonly services: readonly string[] }
  /** Somebody forbade it meanwhile: the stack is protected. */
  | { readonly type: 'forbidden meanwhile' };

/**
 * Bars installs and lifts the stack's termination protection, so that `cdk destroy` may delete it; refused while a
 * service lives. The bar is written before the services are looked for, and an install stores its service only while
 * there is no bar: whichever comes second sees the other. The bar is looked for again after the protection was lifted,
 * since who removed it wants the protection. Idempotent; a run that dies leaves a bar that lapses by itself while the
 * stack is protected.
 */
export async function allowDestroy(
  ports: DeploymentPorts,
  { requestedBy }: { readonly requestedBy: string },
): Promise<AllowDestroyResult> {
  const { store, deployment, clock, newId } = ports;
  // Seen before anything is barred: a permission that is refused anyhow stops no install.
  const before = await store.listServices();
  if (before.length > 0) return { type: 'services live', services: before };
  const bar: InstallBar = { id: newId(), since: clock(), barredBy: requestedBy };
  await store.barInstalls(bar);
  const services = await store.listServices();
  if (services.length > 0) {
    await store.liftInstallBar(bar.id);
    return { type: 'services live', services };
  }
  await deployment.protect(false);
  if ((await store.readInstallBar()) !== undefined) return { type: 'allowed' };
  await deployment.protect(true);
  return { type: 'forbidden meanwhile' };
}
