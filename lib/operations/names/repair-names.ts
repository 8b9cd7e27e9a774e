import { domainOf, isNameOfService, namedService } from '../../model/names/node-name.ts';
import { missingNames, namesOfService } from '../../model/names/wanted-names.ts';
import type { NamesPorts } from '../../ports/names.ts';
import type { Store } from '../../ports/store.ts';
import { publishUntilSettled } from './publish-until-settled.ts';

/**
 * Publishes again what the zone lacks or answers otherwise, for example after a hand at the console. Names of a service
 * whose uninstall was accepted meanwhile are taken back. Idempotent.
 */
export async function repairNames(ports: NamesPorts & { readonly store: Store }, service: string): Promise<void> {
  const before = await ports.store.readService(service);
  const named = before === undefined ? undefined : namedService(before.target);
  if (before === undefined || named === undefined || namesOfService(before).length === 0) return;
  const { names } = ports;
  // A stack without the zone of the service: the steps that need it say so, and all else goes on without it.
  if (names?.zone !== named.zone) return;
  const found = await names.list(domainOf(named));
  if (missingNames(namesOfService(before), found).length === 0) return;
  const { state } = await publishUntilSettled({ store: ports.store, names }, before, (now) =>
    missingNames(namesOfService(now), found),
  );
  if (state !== undefined && state.wish.uninstall === undefined) return;
  const left = await names.list(domainOf(named));
  await names.remove(left.filter(({ name }) => isNameOfService(named, name)));
}
