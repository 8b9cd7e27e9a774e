/** Says that the deployment is about to be destroyed: nothing is installed any more. Writer: allow- and forbid-destroy. */
export interface InstallBar {
  readonly id: string;
  /** Epoch milliseconds of the newest permission to destroy. */
  readonly since: number;
  /** Name of the token that gave it. */
  readonly barredBy: string;
}

/**
 * How long a bar holds whatever the stack says: longer than the function that wrote it can run (29 s), so that nobody
 * lifts the protection any more once it no longer counts.
 */
export const freshBarMs = 60_000;

/**
 * Whether installs are still barred. A stack that is protected again, for example by a later `cdk deploy`, is not about
 * to be destroyed, whatever was once written.
 */
export function barHolds(bar: InstallBar, world: { readonly isProtected: boolean; readonly now: number }): boolean {
  return !world.isProtected || world.now - bar.since < freshBarMs;
}
