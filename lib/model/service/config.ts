import type { ServiceOptions } from './options.ts';

/**
 * A config is the whole resolved options document under a UUID; it is kept while the service lives and never changes.
 * A node runs exactly one config.
 */
export interface ServiceConfig {
  /** UUID, shown to users as the id of the configuration. */
  readonly id: string;
  /** `a.b.c-x.y.z`: version of Warden, then version of Kafka. */
  readonly packageVersion: string;
  readonly options: ServiceOptions;
}

/** The Kafka version of a package version `a.b.c-x.y.z`. */
export function kafkaVersionOf(packageVersion: string): string {
  return packageVersion.slice(packageVersion.indexOf('-') + 1);
}
