import { hasStopped, nodeRun } from '../../model/broker/node-run.ts';
import { cpuUnitsOf, optionsOf, portsOf } from '../../model/broker/node-task.ts';
import { type NodeId, type NodeRole, roleOf } from '../../model/node.ts';
import type { Commitment, Neighbour, NodeNeeds } from '../../model/placement/choose-host.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeHost, ServiceState } from '../../model/state.ts';

/** A node and the host that was decided for it. */
interface Placed {
  readonly nodeId: NodeId;
  readonly host: NodeHost;
}

/** What a node of this config takes from its host. */
export function needsOf(config: ServiceConfig, nodeId: NodeId): NodeNeeds {
  const options = optionsOf(config, nodeId);
  return { cpuUnits: cpuUnitsOf(options), memoryMiB: options.mem, ports: portsOf(config, nodeId) };
}

/** The decided hosts of a service: of controllers the common decision, of brokers their goals. */
export function placedNodes(state: ServiceState): readonly Placed[] {
  const controllers = state.controllerHosts?.hosts ?? [];
  const brokers = state.goals.flatMap(({ nodeId, host }) =>
    host === undefined || controllers.some((placed) => placed.nodeId === nodeId) ? [] : [{ nodeId, host }],
  );
  return [...controllers, ...brokers];
}

/** What is promised to nodes whose task ECS does not count now: they have none, or it has stopped. */
export function commitmentsOf(state: ServiceState, config: ServiceConfig, except: NodeId): readonly Commitment[] {
  return placedNodes(state)
    .filter(({ nodeId }) => nodeId !== except && !isCounted(state, nodeId))
    .map(({ nodeId, host }) => ({
      instanceId: host.instanceId,
      ...volumeOf(state, nodeId),
      ...needsOf(config, nodeId),
    }));
}

function volumeOf(state: ServiceState, nodeId: NodeId): { readonly volumeId?: string } {
  const volumeId = state.goals.find((goal) => goal.nodeId === nodeId)?.volume?.id;
  return volumeId === undefined ? {} : { volumeId };
}

/** The hosts of the other nodes of a role. */
export function neighboursOf(state: ServiceState, role: NodeRole, except: NodeId): readonly Neighbour[] {
  return placedNodes(state)
    .filter(({ nodeId }) => nodeId !== except && roleOf(nodeId) === role)
    .map(({ host }) => ({ instanceId: host.instanceId, zone: host.zone }));
}

function isCounted(state: ServiceState, nodeId: NodeId): boolean {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  return goal !== undefined && nodeRun(state, goal).type === 'seen' && !hasStopped(state, goal);
}
