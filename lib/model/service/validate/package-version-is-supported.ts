import type { Refusal } from '../../refusal.ts';
import { supportedPackageVersions } from '../package-version.ts';

/** Only versions that were tested together are deployed. */
export function packageVersionIsSupported(packageVersion: string): readonly Refusal[] {
  if (supportedPackageVersions.includes(packageVersion)) return [];
  const allowed = supportedPackageVersions.join(', ');
  return [
    {
      pointer: '/packageVersion',
      value: packageVersion,
      message: `package version ${packageVersion} is not supported`,
      allowed,
      hint: `choose one of: ${allowed}`,
    },
  ];
}
