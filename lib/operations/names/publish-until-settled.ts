import { strict as assert } from 'node:assert';
import type { NameRecord } from '../../model/names/name-record.ts';
import { sameNames } from '../../model/names/wanted-names.ts';
import type { ServiceState } from '../../model/state.ts';
import type { Names } from '../../ports/names.ts';
import type { Store } from '../../ports/store.ts';

/** The last change, and the state as it was read after it; undefined: the service is gone. */
export interface Published {
  readonly changeId: string;
  readonly state: ServiceState | undefined;
}

/**
 * Publishes what a state wants (at least one record), then reads the state again, until both agree: nodes that are
 * placed side by side share the bootstrap name, and whoever writes last must have seen all of them.
 */
export async function publishUntilSettled(
  { store, names }: { readonly store: Store; readonly names: Names },
  before: ServiceState,
  wanted: (state: ServiceState) => readonly NameRecord[],
): Promise<Published> {
  let records = wanted(before);
  assert(records.length > 0, 'something is published');
  for (;;) {
    const changeId = await names.publish(records);
    const state = await store.readService(before.target.service);
    const next = state === undefined ? [] : wanted(state);
    if (next.length === 0 || sameNames(next, records)) return { changeId, state };
    records = next;
  }
}
