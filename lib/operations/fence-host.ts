import { isGone } from '../model/broker/gone-host.ts';
import { fencesOf, nodesInTheWay, openFence } from '../model/hosts/fence.ts';
import { type HostedNode, nodesOn } from '../model/hosts/hosted-node.ts';
import type { HostFence } from '../model/hosts/records.ts';
import type { Operation } from '../model/operation.ts';
import { payloadVersion } from '../model/plan/execution.ts';
import type { ApiPorts } from './install-service.ts';
import { readAllServices } from './read-all-services.ts';

export interface FenceHostRequest {
  readonly instanceId: string;
  /** Also while nodes live there. */
  readonly force: boolean;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type FenceHostResult =
  | { readonly type: 'accepted'; readonly nodes: readonly HostedNode[] }
  | { readonly type: 'already' }
  /** No node of any service is on such a host; `known` has some. */
  | { readonly type: 'no host'; readonly known: readonly string[] }
  /** They run on a host that is in touch. */
  | { readonly type: 'nodes live'; readonly nodes: readonly HostedNode[] };

/**
 * Takes an operator's word that a host is to end: the sweep that is started at once terminates it, and any later one does
 * if that dies. Refused while nodes live on a host that is in touch, because they can be moved away without an end.
 * Idempotent.
 */
export async function fenceHost(ports: ApiPorts, request: FenceHostRequest): Promise<FenceHostResult> {
  const { instanceId, force, requestedBy } = request;
  const states = await readAllServices(ports.store);
  const requestedAt = ports.clock();
  const nodes = nodesOn(states, instanceId, requestedAt);
  if (nodes.length === 0) {
    const known = states.flatMap(({ goals }) => goals.flatMap(({ host }) => host?.instanceId ?? []));
    return { type: 'no host', known: [...new Set(known)].sort() };
  }
  const before = openFence(states, instanceId);
  const isAsked = before !== undefined && (before.force || !force);
  if (isAsked || states.some((state) => isGone(state, instanceId))) return { type: 'already' };
  const living = nodesInTheWay(states, instanceId, requestedAt);
  if (living.length > 0 && !force) return { type: 'nodes live', nodes: living };
  const why = force ? 'an operator insists' : 'an operator has decided';
  const fences = fencesOf(nodes, { instanceId, requestedBy, requestedAt, force, why });
  // A service went away meanwhile: its nodes are no longer there.
  if (!(await ports.store.wishForHost({ fences, operations: fenceOperations(fences) })))
    return fenceHost(ports, request);
  const name = `fence-${instanceId}-${requestedAt.toString(36)}`;
  const services = fences.map(({ service }) => service);
  await ports.planRunner.start('reconcile', name, { v: payloadVersion, services });
  return { type: 'accepted', nodes };
}

/** A line of the history of each service; the same wish is the same line. */
export function fenceOperations(fences: readonly HostFence[]): readonly Operation[] {
  return fences.map(({ service, instanceId, requestedBy, requestedAt, why }) => ({
    ...{ id: `fence-${instanceId}`, service, kind: 'fence host', requestedBy, requestedAt, instanceId, why },
  }));
}
