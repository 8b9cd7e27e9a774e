import { strict as assert } from 'node:assert';
import { type FailoverSettings, failoverSettings } from '../../model/broker/failover-delay.ts';
import type { NodeGoal } from '../../model/state.ts';
import type { Store } from '../../ports/store.ts';

/** What follows a failure of the node, by the config that it has. */
export async function failoverSettingsOf(
  { store }: { readonly store: Pick<Store, 'readConfig'> },
  { service, configId, nodeId }: NodeGoal,
): Promise<FailoverSettings> {
  const config = await store.readConfig(service, configId);
  assert(config !== undefined, `config ${configId} is kept while its service lives`);
  return failoverSettings(config, nodeId);
}
