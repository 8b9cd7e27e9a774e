import { nodeRun } from '../broker/node-run.ts';
import { taskEnd } from '../broker/proven-stop.ts';
import { type NodeId, podName } from '../node.ts';
import type { ServiceState } from '../state.ts';
import type { NodeLife } from './life.ts';
import { witnessOf } from './lost-node.ts';
import { silentHost } from './silent-host.ts';

/** A node of some service on a host. */
export interface HostedNode {
  readonly service: string;
  readonly nodeId: NodeId;
  readonly pod: string;
  /** In touch: as ECS shows its task. Out of touch: as Kafka says, which is asked only then. */
  readonly life: NodeLife;
}

/** The nodes of all services that are on a host, or were started there last. `now`: epoch milliseconds. */
export function nodesOn(states: readonly ServiceState[], instanceId: string, now: number): readonly HostedNode[] {
  return states.flatMap((state) =>
    state.goals
      .filter(({ host }) => host?.instanceId === instanceId)
      .map(({ nodeId }) => ({
        service: state.target.service,
        nodeId,
        pod: podName(nodeId),
        life: lifeOn(state, nodeId, { instanceId, now }),
      })),
  );
}

function lifeOn(
  state: ServiceState,
  nodeId: NodeId,
  { instanceId, now }: { readonly instanceId: string; readonly now: number },
): NodeLife {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const run = goal && nodeRun(state, goal);
  if (run === undefined || run.type === 'never started') return 'dead';
  const end = run.type === 'seen' && run.seen !== undefined ? taskEnd(run.seen, state) : undefined;
  if (end?.type === 'proven') return 'dead';
  if (silentHost(state, instanceId, now) !== undefined) return witnessOf(state, nodeId, now)?.life ?? 'unknown';
  return end?.type === 'not proven' ? 'unknown' : 'alive';
}
