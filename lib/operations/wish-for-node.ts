import type { NodeId } from '../model/node.ts';
import { podName } from '../model/node.ts';
import { type NodeWish, noWish, type OwnReplacements } from '../model/node-wish.ts';
import type { Operation } from '../model/operation.ts';
import type { ServiceState } from '../model/state.ts';
import type { ApiPorts } from './install-service.ts';

/** An operator's word about one node. */
export interface NodeRequest {
  readonly service: string;
  readonly nodeId: NodeId;
  /** Name of the token. */
  readonly requestedBy: string;
}

/** Why a word about a node has no effect. */
export type NodeRefusal =
  | { readonly type: 'no service' }
  | { readonly type: 'no node' }
  /** The service is uninstalled. */
  | { readonly type: 'going away' }
  /** Nothing of the service runs until it is resumed. */
  | { readonly type: 'hibernates' }
  /** A plan has yet to start it for the first time. */
  | { readonly type: 'never started' };

/** What is to be written; `already`: the wish says so. */
export type WishChange =
  | { readonly type: 'already' }
  | {
      readonly type: 'changed';
      readonly nodeWish: NodeWish;
      readonly kind: Operation['kind'];
      /** Why Warden does it by itself. */
      readonly why?: string;
      readonly own?: OwnReplacements;
    };

/** Also where nothing can be started. */
export type WishPorts = Pick<ApiPorts, 'store' | 'clock' | 'newId'>;

/**
 * Writes what an operator wants of a node that was started, with its line of the history: what is decided by a wish that
 * was changed meanwhile is decided anew. Answers the state as it is stored then.
 */
export async function wishForNode(
  ports: WishPorts,
  { service, nodeId, requestedBy }: NodeRequest,
  change: (wish: NodeWish, now: number, state: ServiceState) => WishChange,
): Promise<NodeRefusal | { readonly type: 'already' | 'accepted'; readonly state: ServiceState }> {
  const state = await ports.store.readService(service);
  if (state === undefined) return { type: 'no service' };
  const { brokerIds, controllerIds } = state.target;
  if (![...brokerIds, ...controllerIds].includes(nodeId)) return { type: 'no node' };
  if (state.wish.uninstall !== undefined) return { type: 'going away' };
  if (state.wish.hibernates === true) return { type: 'hibernates' };
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal === undefined || goal.attempt === 0) return { type: 'never started' };
  const now = ports.clock();
  const before = state.nodeWishes.find((wish) => wish.nodeId === nodeId) ?? noWish(service, nodeId);
  const changed = change(before, now, state);
  if (changed.type === 'already') return { type: 'already', state };
  const { kind, why, own } = changed;
  const operation = {
    ...{ id: ports.newId(), service, kind, requestedBy, requestedAt: now, pod: podName(nodeId) },
    ...(why === undefined ? {} : { why }),
  };
  const nodeWish = { ...changed.nodeWish, revision: before.revision + 1 };
  if (!(await ports.store.wishForNode({ nodeWish, operation, ...(own === undefined ? {} : { own }) })))
    return wishForNode(ports, { service, nodeId, requestedBy }, change);
  return { type: 'accepted', state: (await ports.store.readService(service)) ?? state };
}
