import { strict as assert } from 'node:assert';
import type { NodeId } from '../../model/node.ts';
import { failedRules } from '../../model/placement/host-outcome.ts';
import { emptyHost, roomOnKeptHost } from '../../model/placement/room-on-kept-host.ts';
import type { ServiceState } from '../../model/state.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { Store } from '../../ports/store.ts';
import { capacityReason } from './capacity-reason.ts';
import { needsOf, promisesAround } from './node-needs.ts';

/**
 * Why a node must not stop yet: what it is to need has no room beside what its host has promised to others, so that it
 * could not start again. By promises alone, which are in the table; whether the host itself is well is Place's to see.
 */
export async function noRoomForRestart(
  { store }: { readonly store: Pick<Store, 'readConfig' | 'readHostPromises'> },
  { target, goals }: ServiceState,
  nodeId: NodeId,
): Promise<WaitingReason | undefined> {
  const host = goals.find((goal) => goal.nodeId === nodeId)?.host;
  const config = await store.readConfig(target.service, target.configId);
  assert(config !== undefined, `config ${target.configId} is kept while its service lives`);
  const { promises } = await store.readHostPromises();
  if (host === undefined) return undefined;
  const { own, promised } = promisesAround(promises, { service: target.service, nodeId, host });
  if (own?.of === undefined) return undefined;
  const { instanceId, zone } = host;
  const rules = roomOnKeptHost(emptyHost(own.of), { needs: needsOf(config, nodeId), own, promised });
  const outcome = { instanceId, zone, rules };
  return failedRules(outcome).length === 0 ? undefined : capacityReason(nodeId, outcome);
}
