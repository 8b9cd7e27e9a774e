import { isGone } from '../broker/gone-host.ts';
import { mayLeaveHost } from '../broker/may-leave-host.ts';
import type { NodeGoal, NodeHost, ServiceState } from '../state.ts';
import type { LeftHost } from '../waiting-reason.ts';
import type { Host } from './host.ts';

/**
 * Why a node must not be started on the host that was decided for it; undefined: it keeps it. A host that is gone never
 * comes back. One that drains takes no new task: the node leaves once nothing of it is at work there. Everything else, a
 * host that is out of touch above all, may pass, and its processes may live.
 */
export function whyItLeaves(
  state: ServiceState,
  goal: NodeGoal,
  { decided, hosts }: { readonly decided: NodeHost; readonly hosts: readonly Host[] },
): LeftHost | undefined {
  const { instanceId } = decided;
  if (isGone(state, instanceId)) return { instanceId, why: 'gone' };
  const drains = hosts.some((host) => host.instanceId === instanceId && host.status === 'DRAINING');
  return drains && mayLeaveHost(state, goal) ? { instanceId, why: 'drains' } : undefined;
}
