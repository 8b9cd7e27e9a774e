import type { Host } from '../model/placement/host.ts';

/** The container instances with what EC2 knows of them. Throws HostsError (retriable). */
export interface Hosts {
  list(): Promise<readonly Host[]>;
  /**
   * Those of these instances that are gone for good: terminated, or forgotten by EC2 while ECS has no agent of theirs.
   * No instance comes back under its id.
   */
  listGone(instanceIds: readonly string[]): Promise<readonly string[]>;
}
