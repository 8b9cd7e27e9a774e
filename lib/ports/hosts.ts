import type { Host } from '../model/placement/host.ts';

/** The container instances with what EC2 knows of them. Throws HostsError (retriable). */
export interface Hosts {
  list(): Promise<readonly Host[]>;
  /**
   * Those of these instances that are gone for good: terminated, or forgotten by EC2 while ECS has no agent of theirs.
   * No instance comes back under its id.
   */
  listGone(instanceIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Ends an instance for good; its volumes stay. `cutOff`: without waiting for its operating system, which may hang.
   * Idempotent: one that ends, or that EC2 has forgotten, is let be. EC2 refuses to end one that is protected from it, or
   * that is no host of this deployment.
   */
  terminate(instanceId: string, cutOff: boolean): Promise<Termination>;
}

export type Termination =
  | { readonly type: 'accepted' }
  /** In EC2's words; only a person can change that. */
  | { readonly type: 'refused'; readonly why: string };
