import { strict as assert } from 'node:assert';
import { type Commitment, chooseHost, type Neighbour } from '../../model/placement/choose-host.ts';
import type { Host } from '../../model/placement/host.ts';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { ControllerHosts, ServiceState } from '../../model/state.ts';
import type { HostRefusal } from '../../model/waiting-reason.ts';
import type { Hosts } from '../../ports/hosts.ts';
import { needsOf } from './node-commitments.ts';
import {
  announceWait,
  done,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  superseded,
} from './node-step.ts';
import { nodeHost } from './place-node.ts';

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
  const first = chooseAll(state, config, await ports.hosts.list());
  if (first.type === 'chosen') return store(ports, request.service, first.hosts);
  // The token only now, and then one more look: a host that joins meanwhile wakes the step or is seen.
  const reason = { type: 'capacity' as const, role: 'controller', hosts: first.refusals };
  await announceWait(ports, request, { reason, awaits: 'capacity' });
  const second = chooseAll(state, config, await ports.hosts.list());
  return second.type === 'chosen' ? store(ports, request.service, second.hosts) : { type: 'waiting' };
}

async function store(ports: NodeStepPorts, service: string, hosts: ControllerHosts['hosts']): Promise<StepResult> {
  await ports.store.chooseControllerHosts({ service, hosts });
  return done;
}

type Chosen =
  | { readonly type: 'chosen'; readonly hosts: ControllerHosts['hosts'] }
  | { readonly type: 'none'; readonly refusals: readonly HostRefusal[] };

function chooseAll(state: ServiceState, config: ServiceConfig, hosts: readonly Host[]): Chosen {
  const chosen: { nodeId: number; host: ReturnType<typeof nodeHost> }[] = [];
  const commitments: Commitment[] = [];
  const neighbours: Neighbour[] = [];
  for (const nodeId of state.target.controllerIds) {
    const needs = needsOf(config, nodeId);
    const choice = chooseHost({ hosts, needs, commitments, neighbours });
    if (choice.type === 'none') return choice;
    const host = nodeHost(choice.host);
    chosen.push({ nodeId, host });
    commitments.push({ ...needs, instanceId: host.instanceId });
    neighbours.push(host);
  }
  return { type: 'chosen', hosts: chosen };
}
