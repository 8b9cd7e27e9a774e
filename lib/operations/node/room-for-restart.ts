import { strict as assert } from 'node:assert';
import { failedRules } from '../../model/placement/host-outcome.ts';
import type { HostPromise } from '../../model/placement/host-promise.ts';
import type { NodeNeeds } from '../../model/placement/host-rule.ts';
import { emptyHost, roomOnKeptHost } from '../../model/placement/room-on-kept-host.ts';
import type { ServiceState } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Store } from '../../ports/store.ts';
import { capacityReason } from './capacity-reason.ts';
import { needsOf, promisesAround } from './node-needs.ts';
import type { NodeStepRequest } from './node-step.ts';

/**
 * Keeps on its host what a node is to need that is about to stop: of two services that look at the same room one gets it.
 * Answers why the node must not stop yet: there is no room beside what its host has promised to others, so that it could
 * not start again. By promises alone, which are in the table; whether the host itself is well is Place's to see. Place
 * promises what is needed then, also less, and each plan that comes goes there with each node that has another promise.
 * Idempotent.
 */
export async function keepRoomForRestart(
  { store }: { readonly store: Pick<Store, 'readConfig' | 'readHostPromises' | 'promiseRoom'> },
  { target, goals }: ServiceState,
  { nodeId, planId = '' }: NodeStepRequest,
): Promise<WaitingReason | undefined> {
  const host = goals.find((goal) => goal.nodeId === nodeId)?.host;
  const config = await store.readConfig(target.service, target.configId);
  assert(config !== undefined, `config ${target.configId} is kept while its service lives`);
  const { promises, version } = await store.readHostPromises();
  if (host === undefined) return undefined;
  const { own, promised } = promisesAround(promises, { service: target.service, nodeId, host });
  if (own?.of === undefined) return undefined;
  const needs = needsOf(config, nodeId);
  const { instanceId, zone } = host;
  const outcome = { instanceId, zone, rules: roomOnKeptHost(emptyHost(own.of), { needs, own, promised }) };
  if (failedRules(outcome).length > 0) return capacityReason(nodeId, outcome);
  const promise = withRoomFor(own, needs);
  if (promise === own || (await store.promiseRoom({ planId, promise, version }))) return undefined;
  return { type: 'turn', heldBy: 'other nodes were promised room meanwhile, and theirs is looked for again' };
}

/** Never less than is kept so far: the process that runs uses it. */
function withRoomFor(own: HostPromise, { cpuUnits, memoryMiB }: NodeNeeds): HostPromise {
  if (cpuUnits <= own.cpuUnits && memoryMiB <= own.memoryMiB) return own;
  return {
    ...own,
    cpuUnits: Math.max(cpuUnits, own.cpuUnits),
    memoryMiB: Math.max(memoryMiB, own.memoryMiB),
    placedFor: own.placedFor ?? { cpuUnits: own.cpuUnits, memoryMiB: own.memoryMiB },
  };
}
