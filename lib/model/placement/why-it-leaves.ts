import { isGone } from '../broker/gone-host.ts';
import { mayLeaveHost } from '../broker/may-leave-host.ts';
import type { NodeGoal, NodeHost, ServiceState } from '../state.ts';
import type { LeftHost } from '../waiting-reason.ts';
import type { Host } from './host.ts';
import { mayLeaveStoppedHost } from './may-leave-stopped-host.ts';

/**
 * Why a node must not be started on the host that was decided for it; undefined: it keeps it. A host that is gone never
 * comes back. One that drains takes no new task, and one that EC2 has stopped may stay so: the node leaves once nothing of
 * it is at work there, a stopped one after a moment. Everything else, a host that is out of touch above all, may pass, and
 * its processes may live. `now`: epoch milliseconds.
 */
export function whyItLeaves(
  state: ServiceState,
  goal: NodeGoal,
  { decided, hosts, now }: { readonly decided: NodeHost; readonly hosts: readonly Host[]; readonly now: number },
): LeftHost | undefined {
  const { instanceId } = decided;
  if (isGone(state, instanceId)) return { instanceId, why: 'gone' };
  const host = hosts.find((candidate) => candidate.instanceId === instanceId);
  const isLeft = host?.isStopped === true && mayLeaveStoppedHost(state, goal, now);
  const why = host?.status === 'DRAINING' ? 'drains' : isLeft ? 'stopped' : undefined;
  return why !== undefined && mayLeaveHost(state, goal) ? { instanceId, why } : undefined;
}
