/** `a.b.c-x.y.z`: version of Warden, then version of Kafka. Newest last. */
export const supportedPackageVersions: readonly string[] = ['1.0.0-3.9.2', '1.0.0-4.1.2', '1.0.0-4.3.1'];

/** What an install without a version gets. */
export const defaultPackageVersion = '1.0.0-4.3.1';

/** Versions of Kafka that are never deployed, and why. Source: the CVE records of Apache Kafka. */
export const unsafeKafkaVersions: Readonly<Record<string, string>> = {
  '4.1.0': 'it accepts any JSON web token as valid (CVE-2026-33557), which 4.1.2 mends',
  '4.1.1': 'it accepts any JSON web token as valid (CVE-2026-33557), which 4.1.2 mends',
};
