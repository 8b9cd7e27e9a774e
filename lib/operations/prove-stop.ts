import { podName } from '../model/node.ts';
import { nodeOfPod } from '../model/node-of-pod.ts';
import { noWish } from '../model/node-wish.ts';
import type { ServiceState } from '../model/state.ts';
import type { ApiPorts } from './install-service.ts';

export interface ProveStopRequest {
  readonly service: string;
  /** For example kafka-0. */
  readonly pod: string;
  readonly taskArn: string;
  /** Name of the token. */
  readonly requestedBy: string;
}

export type ProveStopResult =
  | { readonly type: 'done' }
  | { readonly type: 'already' }
  | { readonly type: 'no service' }
  | { readonly type: 'no pod'; readonly pods: readonly string[] }
  | { readonly type: 'going away' }
  /** It is not this task that is waited for; `awaited` is, if there is one. */
  | { readonly type: 'not awaited'; readonly awaited?: string };

/**
 * Takes an operator's word that the process of a task is gone, where ECS calls it stopped and proves nothing. Only of the
 * very task that the node waits for, and never of another one: a process that still runs would become two. Idempotent.
 */
export async function proveStop(ports: ApiPorts, request: ProveStopRequest): Promise<ProveStopResult> {
  const { service, pod, taskArn, requestedBy } = request;
  const state = await ports.store.readService(service);
  if (state === undefined) return { type: 'no service' };
  const nodeId = nodeOfPod(state.target, pod);
  if (nodeId === undefined) return { type: 'no pod', pods: podsOf(state) };
  const wish = state.nodeWishes.find((candidate) => candidate.nodeId === nodeId) ?? noWish(service, nodeId);
  if (wish.stopProven?.taskArn === taskArn) return { type: 'already' };
  const awaited = awaitedTasks(state, nodeId);
  if (!awaited.includes(taskArn)) {
    const [other] = awaited;
    return { type: 'not awaited', ...(other === undefined ? {} : { awaited: other }) };
  }
  const requestedAt = ports.clock();
  const stored = await ports.store.wishForNode({
    nodeWish: { ...wish, revision: wish.revision + 1, stopProven: { taskArn, requestedBy, requestedAt } },
    operation: { id: ports.newId(), service, kind: 'stop proven', requestedBy, requestedAt, pod, taskArn },
  });
  if (stored) return { type: 'done' };
  const now = await ports.store.readService(service);
  if (now?.wish.uninstall !== undefined) return { type: 'going away' };
  return proveStop(ports, request);
}

function podsOf({ target }: ServiceState): readonly string[] {
  return [...new Set([...target.brokerIds, ...target.controllerIds])].map(podName);
}

/** The tasks whose stop somebody waits for a proof of, now. */
function awaitedTasks({ waits }: ServiceState, nodeId: number): readonly string[] {
  return waits.flatMap((wait) =>
    wait.nodeId === nodeId && wait.reason.type === 'stop not proven' ? [wait.reason.taskArn] : [],
  );
}
