import { podName } from '../model/node.ts';
import { nodeOfPod } from '../model/node-of-pod.ts';
import { noWish } from '../model/node-wish.ts';
import type { ApiPorts } from './install-service.ts';
import { openAdoption, startAdoptions } from './start-adoption.ts';

export interface AdoptRequest {
  readonly service: string;
  /** For example kafka-0. */
  readonly pod: string;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type AdoptResult =
  | { readonly type: 'accepted' }
  /** One that was asked for before is under way. */
  | { readonly type: 'already' }
  | { readonly type: 'no service' }
  /** The cloud has something of a service of that name, and the table has not: its options could only be guessed. */
  | { readonly type: 'unknown service'; readonly ids: readonly string[] }
  | { readonly type: 'no pod'; readonly pods: readonly string[] }
  | { readonly type: 'going away' };

/**
 * Lets an operator say that the cloud, and not the table, is right about a node. The record is made anew by a run of its
 * own, which holds the node's lease for that. Idempotent while one is under way.
 */
export async function askAdoption(ports: ApiPorts, request: AdoptRequest): Promise<AdoptResult> {
  const { service, pod, requestedBy } = request;
  const state = await ports.store.readService(service);
  if (state === undefined) return ofNoService(ports, service);
  const nodeId = nodeOfPod(state.target, pod);
  if (nodeId === undefined) {
    const { brokerIds, controllerIds } = state.target;
    return { type: 'no pod', pods: [...new Set([...brokerIds, ...controllerIds])].map(podName) };
  }
  if (state.wish.uninstall !== undefined) return { type: 'going away' };
  if (openAdoption(state, nodeId) !== undefined) {
    await startAdoptions(ports, state);
    return { type: 'already' };
  }
  const wish = state.nodeWishes.find((candidate) => candidate.nodeId === nodeId) ?? noWish(service, nodeId);
  const answered = state.goals.find((goal) => goal.nodeId === nodeId)?.adopted ?? 0;
  const requestedAt = ports.clock();
  const adoption = { times: Math.max(wish.adoption?.times ?? 0, answered) + 1, requestedBy, requestedAt };
  const stored = await ports.store.wishForNode({
    nodeWish: { ...wish, revision: wish.revision + 1, adoption },
    operation: { id: ports.newId(), service, kind: 'adopt node', requestedBy, requestedAt, pod },
  });
  // Somebody else was faster, or the service goes away: what is asked for is worked out anew.
  if (!stored) return askAdoption(ports, request);
  const now = await ports.store.readService(service);
  if (now !== undefined) await startAdoptions(ports, now);
  return { type: 'accepted' };
}

async function ofNoService({ store }: ApiPorts, service: string): Promise<AdoptResult> {
  const orphans = await store.readOrphans();
  const ids = (orphans?.found ?? []).filter((orphan) => orphan.service === service).map(({ id }) => id);
  return ids.length === 0 ? { type: 'no service' } : { type: 'unknown service', ids };
}
