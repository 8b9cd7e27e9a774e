import type { Refusal } from '../../refusal.ts';
import { kafkaVersionOf } from '../config.ts';
import { supportedPackageVersions, unsafeKafkaVersions } from '../package-version.ts';

/** Only versions that were tested together are deployed; one that is known to be unsafe is refused with the reason. */
export function packageVersionIsSupported(packageVersion: string): readonly Refusal[] {
  if (supportedPackageVersions.includes(packageVersion)) return [];
  const allowed = supportedPackageVersions.join(', ');
  const reason = unsafeKafkaVersions[kafkaVersionOf(packageVersion)];
  return [
    {
      pointer: '/packageVersion',
      value: packageVersion,
      message: `package version ${packageVersion} is not supported${reason === undefined ? '' : `: ${reason}`}`,
      allowed,
      hint: `choose one of: ${allowed}`,
    },
  ];
}
