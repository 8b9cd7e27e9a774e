import { strict as assert } from 'node:assert';
import { type Choice, chooseHost } from '../../model/placement/choose-host.ts';
import type { HostPromise } from '../../model/placement/host-promise.ts';
import type { Neighbour } from '../../model/placement/host-rule.ts';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { ControllerHosts, NodeHost, ServiceState } from '../../model/state.ts';
import type { Hosts } from '../../ports/hosts.ts';
import { needsOf, promiseOf } from './node-needs.ts';
import {
  announceWait,
  changedMeanwhile,
  done,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  superseded,
} from './node-step.ts';
import { nodeHost } from './placed-goal.ts';
import { type RoomOnHosts, readRoomOnHosts } from './room-on-hosts.ts';

/**
 * Decides the hosts of all controllers together and stores them once; each of them must know the others before the
 * first one starts. Waits with a token while there is no capacity. Idempotent: what is stored stays.
 */
export async function chooseControllerHosts(
  ports: NodeStepPorts & { readonly hosts: Hosts },
  request: NodeStepRequest,
): Promise<StepResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || isSuperseded(state, request)) return superseded('a newer plan took over');
  if (state.controllerHosts !== undefined) return done;
  const config = await ports.store.readConfig(request.service, state.target.configId);
  assert(config !== undefined, `config ${state.target.configId} is kept while its service lives`);
  const first = chooseAll(state, config, await readRoomOnHosts(ports));
  if (first.type === 'chosen') return store(ports, state, first);
  // The token only now, and then one more look: a host that joins meanwhile wakes the step or is seen.
  const reason = { type: 'capacity' as const, role: 'controller', hosts: first.hosts, registered: first.registered };
  await announceWait(ports, request, { reason, awaits: 'capacity' });
  const second = chooseAll(state, config, await readRoomOnHosts(ports));
  return second.type === 'chosen' ? store(ports, state, second) : { type: 'waiting' };
}

async function store(
  ports: NodeStepPorts,
  { target, wish }: ServiceState,
  { hosts, promises, version }: Extract<Chosen, { readonly type: 'chosen' }>,
): Promise<StepResult> {
  const decision = { hosts: { service: target.service, hosts }, planId: wish.planId, promises, version };
  return (await ports.store.placeControllers(decision)) ? done : changedMeanwhile;
}

type Chosen =
  | {
      readonly type: 'chosen';
      readonly hosts: ControllerHosts['hosts'];
      readonly promises: readonly HostPromise[];
      readonly version: number;
    }
  | Extract<Choice, { type: 'none' }>;

function chooseAll(state: ServiceState, config: ServiceConfig, { hosts, promises, version }: RoomOnHosts): Chosen {
  const chosen: { nodeId: number; host: NodeHost }[] = [];
  const made: HostPromise[] = [];
  const neighbours: Neighbour[] = [];
  for (const nodeId of state.target.controllerIds) {
    const needs = needsOf(config, nodeId);
    const choice = chooseHost({ hosts, needs, promises: [...promises, ...made], neighbours });
    if (choice.type === 'none') return choice;
    const host = nodeHost(choice.host);
    chosen.push({ nodeId, host });
    made.push(promiseOf(config, nodeId, choice.host));
    neighbours.push(host);
  }
  return { type: 'chosen', hosts: chosen, promises: made, version };
}
