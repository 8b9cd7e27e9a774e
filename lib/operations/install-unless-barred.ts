import { barHolds, type InstallBar } from '../model/deployment/install-bar.ts';
import type { Deployment } from '../ports/deployment.ts';
import { type ApiPorts, type InstallRequest, type InstallResult, installService } from './install-service.ts';

export type OpenInstallResult =
  | Exclude<InstallResult, { readonly type: 'installs barred' }>
  /** Without `bar` it comes and goes at this very moment. */
  | { readonly type: 'installs barred'; readonly bar?: InstallBar; readonly isProtected: boolean };

/** A bar that is removed or written anew in between is looked at again. */
const maxRounds = 3;

/**
 * Installs a service. A bar counts only while the stack may be destroyed: one that its protection has outlived is
 * removed, so that installs are open again after a later `cdk deploy` without anybody's doing.
 */
export async function installUnlessBarred(
  ports: ApiPorts & { readonly deployment: Deployment },
  request: InstallRequest,
): Promise<OpenInstallResult> {
  for (let round = 0; round < maxRounds; round++) {
    const result = await installService(ports, request);
    if (result.type !== 'installs barred') return result;
    const bar = await ports.store.readInstallBar();
    if (bar === undefined) continue;
    const isProtected = await ports.deployment.isProtected();
    if (barHolds(bar, { isProtected, now: ports.clock() })) return { type: 'installs barred', bar, isProtected };
    await ports.store.liftInstallBar(bar.id);
  }
  return { type: 'installs barred', isProtected: false };
}
