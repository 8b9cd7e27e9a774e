import type { Host } from '../model/placement/host.ts';

/** The container instances with what EC2 knows of them. Throws HostsError (retriable). */
export interface Hosts {
  list(): Promise<readonly Host[]>;
}
