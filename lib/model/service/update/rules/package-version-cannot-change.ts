import { supportedPackageVersions } from '../../package-version.ts';
import type { RefusedChange } from '../change-rule.ts';

/** What to do with a version of an update, as long as there are no upgrades. */
export const leaveOutTheVersion =
  'leave it out: this version of Warden does not change the version of a running service yet';

/** A service stays on its version until there are upgrades. The version is no option, so this rule stands by itself. */
export function packageVersionCannotChange(from: string, to: string): readonly RefusedChange[] {
  if (to === from || !supportedPackageVersions.includes(to)) return [];
  const verb = supportedPackageVersions.indexOf(to) > supportedPackageVersions.indexOf(from) ? 'upgrade' : 'downgrade';
  const message = `this version of Warden cannot ${verb} a service yet (from ${from} to ${to})`;
  return [
    {
      ...{ pointer: '/packageVersion', from, to, message, doing: 'Changing', allowed: from },
      hint: leaveOutTheVersion,
      inSteps: { field: 'packageVersion', message },
    },
  ];
}
