import { controllerPlaces } from '../../model/broker/controller-places.ts';
import { cpuUnitsOf, optionsOf, portsOf } from '../../model/broker/node-task.ts';
import { type NodeId, type NodeRole, roleOf } from '../../model/node.ts';
import type { Host } from '../../model/placement/host.ts';
import type { HostPromise } from '../../model/placement/host-promise.ts';
import type { Neighbour, NodeNeeds } from '../../model/placement/host-rule.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeHost, ServiceState } from '../../model/state.ts';

/** A node and the host that was decided for it. */
export interface Placed {
  readonly nodeId: NodeId;
  readonly host: NodeHost;
}

/** What a node of this config takes from its host. */
export function needsOf(config: ServiceConfig, nodeId: NodeId): NodeNeeds {
  const options = optionsOf(config, nodeId);
  return { cpuUnits: cpuUnitsOf(options), memoryMiB: options.mem, ports: portsOf(config, nodeId) };
}

/** The decided hosts of a service: of controllers also those that nothing was started on yet. */
function placedNodes(state: ServiceState): readonly Placed[] {
  const controllers = controllerPlaces(state);
  const brokers = state.goals.flatMap(({ nodeId, host }) =>
    host === undefined || controllers.some((placed) => placed.nodeId === nodeId) ? [] : [{ nodeId, host }],
  );
  return [...controllers, ...brokers];
}

/** What a host keeps for a node that is to run there. */
export function promiseOf(config: ServiceConfig, nodeId: NodeId, host: Host): HostPromise {
  const { instanceId, cpuUnits, memoryMiB } = host;
  const of = { cpuUnits, memoryMiB };
  return { service: config.options.service.name, nodeId, instanceId, ...needsOf(config, nodeId), of };
}

/** Of the promises of a node's host: its own, and those to others. */
export function promisesAround(
  promises: readonly HostPromise[],
  { service, nodeId, host }: Placed & { readonly service: string },
): { readonly own: HostPromise | undefined; readonly promised: readonly HostPromise[] } {
  const here = promises.filter(({ instanceId }) => instanceId === host.instanceId);
  const isOwn = (promise: HostPromise) => promise.service === service && promise.nodeId === nodeId;
  return { own: here.find(isOwn), promised: here.filter((promise) => !isOwn(promise)) };
}

/** Whether a host keeps for its node what it needs, and nothing more for a config that it is yet to have. */
export function isPromised({ cpuUnits, memoryMiB, placedFor }: HostPromise, needs: NodeNeeds): boolean {
  return cpuUnits === needs.cpuUnits && memoryMiB === needs.memoryMiB && placedFor === undefined;
}

/** The hosts of the other nodes of a role. */
export function neighboursOf(state: ServiceState, role: NodeRole, except: NodeId): readonly Neighbour[] {
  return placedNodes(state)
    .filter(({ nodeId }) => nodeId !== except && roleOf(nodeId) === role)
    .map(({ host }) => ({ instanceId: host.instanceId, zone: host.zone }));
}
