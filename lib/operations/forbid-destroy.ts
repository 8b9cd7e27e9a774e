import type { DeploymentPorts } from './allow-destroy.ts';

/** Rounds against permissions that are given at the same moment. */
const maxRounds = 3;

export type ForbidDestroyResult =
  | { readonly type: 'forbidden' }
  /** Somebody allows it again and again. */
  | { readonly type: 'contested' };

/**
 * Protects the stack, then opens installs: never a service in an unprotected stack. A permission that was under way
 * meanwhile is seen by a last look. Idempotent.
 */
export async function forbidDestroy(
  ports: Pick<DeploymentPorts, 'store' | 'deployment'>,
): Promise<ForbidDestroyResult> {
  const { store, deployment } = ports;
  for (let round = 0; round < maxRounds; round++) {
    await deployment.protect(true);
    const bar = await store.readInstallBar();
    if (bar !== undefined) await store.liftInstallBar(bar.id);
    if ((await deployment.isProtected()) && (await store.readInstallBar()) === undefined) return { type: 'forbidden' };
  }
  return { type: 'contested' };
}
