import { strict as assert } from 'node:assert';
import { drainingHost } from '../../model/broker/host-drains.ts';
import { hasNoTask } from '../../model/broker/node-run.ts';
import { openDiscard, openReplacement } from '../../model/broker/open-replacement.ts';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, ServiceState } from '../../model/state.ts';
import type { LeftHost } from '../../model/waiting-reason.ts';
import type { Hosts } from '../../ports/hosts.ts';
import {
  announceWait,
  done,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  superseded,
} from './node-step.ts';
import { anotherHost, hostForNewVolume, type Place } from './place-decision.ts';
import { readRoomOnHosts } from './room-on-hosts.ts';

type Ports = NodeStepPorts & { readonly hosts: Hosts };

/**
 * Done when another host has room for a node that is to leave its own, or any host for one that is to have another volume;
 * when it has not to leave any more, or is down already, too. A node that runs is not stopped before; the host is decided by
 * Place, after the stop. Waits with a token. Idempotent.
 */
export async function findAnotherHost(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  const first = await look(ports, request);
  if (first.type !== 'wait') return first.type === 'superseded' ? superseded('the service goes away') : done;
  await announceWait(ports, request, { reason: first.reason, awaits: 'capacity' });
  const second = await look(ports, request);
  if (second.type === 'wait') return { type: 'waiting' };
  return second.type === 'superseded' ? superseded('the service goes away') : done;
}

async function look(
  ports: Ports,
  request: NodeStepRequest,
): Promise<{ readonly type: 'superseded' } | { readonly type: 'done' } | Place> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || isSuperseded(state, request)) return { type: 'superseded' };
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  const leaves = goal && whyItIsToLeave(state, goal);
  if (goal === undefined || leaves === undefined || hasNoTask(state, goal)) return { type: 'done' };
  const room = { ...(await readRoomOnHosts(ports)), config: await configOf(ports, state, goal) };
  return openDiscard(state, goal.nodeId) === undefined
    ? anotherHost({ goal, state }, { ...room, leaves })
    : hostForNewVolume({ goal, state }, room);
}

function whyItIsToLeave(state: ServiceState, goal: NodeGoal): LeftHost | undefined {
  const instanceId = drainingHost(state, goal);
  if (instanceId !== undefined) return { instanceId, why: 'drains' };
  if (goal.host === undefined || openReplacement(state, goal.nodeId) === undefined) return undefined;
  return { instanceId: goal.host.instanceId, why: 'replaced' };
}

async function configOf(ports: Ports, { target }: ServiceState, { configId }: NodeGoal): Promise<ServiceConfig> {
  const config = await ports.store.readConfig(target.service, configId);
  assert(config !== undefined, `config ${configId} is kept while its service lives`);
  return config;
}
