import { strict as assert } from 'node:assert';
import { isGone } from '../model/broker/gone-host.ts';
import { automaticFence, fencesAt, fencesOf, openFence } from '../model/hosts/fence.ts';
import { nodesOn } from '../model/hosts/hosted-node.ts';
import type { HostFence } from '../model/hosts/records.ts';
import type { ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { Store } from '../ports/store.ts';
import { fenceOperations } from './fence-host.ts';
import { readAllServices } from './read-all-services.ts';

interface Ports {
  readonly store: Store;
  readonly hosts: Hosts;
  readonly clock: Clock;
}

/**
 * Terminates the hosts of a service's nodes that an operator wants to end, and those that may be ended without one: the
 * end proves that nothing of them runs, and their nodes move by themselves. The Auto Scaling group of the zone brings
 * another host. What is decided is stored before it is done. Idempotent: EC2 ends an instance once.
 */
export async function fenceHosts(ports: Ports, service: string): Promise<void> {
  const own = await ports.store.readService(service);
  if (own === undefined) return;
  for (const instanceId of new Set(own.goals.flatMap(({ host }) => host?.instanceId ?? []))) {
    const states = await readAllServices(ports.store);
    if (states.some((state) => isGone(state, instanceId))) continue;
    const fence = openFence(states, instanceId) ?? (await fenceByItself(ports, states, instanceId));
    if (fence !== undefined) await carryOut(ports, states, fence);
  }
}

async function fenceByItself(
  { store, clock }: Ports,
  states: readonly ServiceState[],
  instanceId: string,
): Promise<HostFence | undefined> {
  const services = await Promise.all(
    states.map(async (state) => {
      const config = await store.readConfig(state.target.service, state.target.configId);
      assert(config !== undefined, 'a target config is kept while its service lives');
      return { state, config };
    }),
  );
  const requestedAt = clock();
  const decision = automaticFence(services, instanceId, requestedAt);
  if (decision.type === 'none') return undefined;
  const wish = { instanceId, requestedBy: 'warden', requestedAt, force: false, why: decision.why };
  const fences = fencesOf(nodesOn(states, instanceId, requestedAt), wish);
  // A service that went away meanwhile had nodes there: the next sweep decides without it.
  return (await store.wishForHost({ fences, operations: fenceOperations(fences) })) ? fences[0] : undefined;
}

/** Then its operating system hangs. */
const shutsDownWithinMs = 10 * 60_000;

/** What EC2 says is stored beside the wish, in each service: it is asked again with each sweep, and a person may be needed. */
async function end(
  { store, hosts, clock }: Ports,
  states: readonly ServiceState[],
  { instanceId, cutOff }: { readonly instanceId: string; readonly cutOff: boolean },
): Promise<void> {
  const answer = await hosts.terminate(instanceId, cutOff);
  // What was decided a moment ago is in no earlier look.
  const now = answer.type === 'refused' ? await readAllServices(store) : states;
  for (const { refused: before, ...fence } of fencesAt(now, instanceId)) {
    if (answer.type === 'refused') await store.noteFence({ ...fence, refused: { at: clock(), why: answer.why } });
    else if (before !== undefined) await store.noteFence(fence);
  }
}

/** ECS is asked right before: a host that is in touch again keeps the nodes that live there, unless somebody insists. */
async function carryOut(ports: Ports, states: readonly ServiceState[], fence: HostFence): Promise<void> {
  const { store, hosts, clock } = ports;
  const { instanceId, force, requestedAt } = fence;
  const isInTouch = (await hosts.list()).some((host) => host.instanceId === instanceId && host.agentConnected);
  const living = nodesOn(states, instanceId, clock()).filter(({ life }) => life !== 'dead');
  const cutOff = clock() - requestedAt > shutsDownWithinMs;
  if (!isInTouch || force || living.length === 0) return end(ports, states, { instanceId, cutOff });
  const names = living.map(({ service, pod }) => `${service}/${pod}`).join(', ');
  const why = `the host is in touch again, and ${names} run there`;
  const taken = fencesAt(states, instanceId);
  const operations = fenceOperations(
    taken.map((one) => ({ ...one, requestedBy: 'warden', requestedAt: clock(), why })),
  );
  await store.wishForHost({
    fences: [],
    operations: operations.map((operation) => ({ ...operation, kind: 'keep host' as const })),
  });
  for (const one of taken) await store.removeFence(one);
}
