import { strict as assert } from 'node:assert';
import { domainOf, isNameOfService, namedService } from '../../model/names/node-name.ts';
import type { NamesPorts } from '../../ports/names.ts';
import type { Store } from '../../ports/store.ts';
import { zoneOfService } from './zone-of-service.ts';

/**
 * Removes the names of a service that goes away, whatever they say now, and no others. Idempotent.
 * @throws ZoneMissingError when the stack no longer has the zone of the service
 */
export async function removeNames(
  ports: NamesPorts & { readonly store: Store },
  request: { readonly service: string; readonly planId: string },
): Promise<void> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || state.wish.planId !== request.planId) return;
  assert(state.wish.uninstall !== undefined, 'only an uninstall removes the names of a service');
  const named = namedService(state.target);
  if (named === undefined) return;
  const names = zoneOfService(ports, named);
  const found = await names.list(domainOf(named));
  await names.remove(found.filter(({ name }) => isNameOfService(named, name)));
}
