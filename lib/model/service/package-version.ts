/** `a.b.c-x.y.z`: version of Warden, then version of Kafka. Newest last. */
export const supportedPackageVersions: readonly string[] = ['1.0.0-4.3.1'];

/** What an install without a version gets. */
export const defaultPackageVersion = '1.0.0-4.3.1';
