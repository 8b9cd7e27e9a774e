import type { NodeId } from '../node.ts';

/** The voters' listeners as the quorum knows them; a voter may be missing for a moment. */
export interface KnownListeners {
  readonly nodes: readonly {
    readonly id: NodeId;
    readonly listeners: readonly { readonly host: string; readonly port: number }[];
  }[];
}

/**
 * Whether nothing says that the quorum looks for a voter elsewhere than it listens. One that is missing from the answer was
 * not written down yet.
 */
export function knowsVoterAt(
  { nodes }: KnownListeners,
  { id, host, port }: { readonly id: NodeId; readonly host: string; readonly port: number },
): boolean {
  const known = nodes.find((node) => node.id === id);
  return known === undefined || known.listeners.some((listener) => listener.host === host && listener.port === port);
}
