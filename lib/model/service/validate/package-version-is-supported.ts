import type { Refusal } from '../../refusal.ts';
import { kafkaVersionOf } from '../config.ts';
import { supportedPackageVersions, unsafeKafkaVersions } from '../package-version.ts';

const longestShown = 100;

/** Only versions that were tested together are deployed; one that is known to be unsafe is refused with the reason. */
export function packageVersionIsSupported(packageVersion: string): readonly Refusal[] {
  if (supportedPackageVersions.includes(packageVersion)) return [];
  const allowed = supportedPackageVersions.join(', ');
  const reason = unsafeReason(kafkaVersionOf(packageVersion));
  return [
    {
      pointer: '/packageVersion',
      value: packageVersion,
      message: `package version ${packageVersion.slice(0, longestShown)} is not supported${reason === undefined ? '' : `: ${reason}`}`,
      allowed,
      hint: `choose one of: ${allowed}`,
    },
  ];
}

function unsafeReason(kafkaVersion: string): string | undefined {
  return Object.hasOwn(unsafeKafkaVersions, kafkaVersion) ? unsafeKafkaVersions[kafkaVersion] : undefined;
}
