import type { Host } from '../../model/placement/host.ts';
import type { HostPromises } from '../../model/placement/host-promise.ts';
import type { Hosts } from '../../ports/hosts.ts';
import type { Store } from '../../ports/store.ts';

/** The hosts as they are now, and what of them is promised. */
export interface RoomOnHosts extends HostPromises {
  readonly hosts: readonly Host[];
}

/** The promises first: one that is made after them changes their version. */
export async function readRoomOnHosts(ports: {
  readonly store: Pick<Store, 'readHostPromises'>;
  readonly hosts: Pick<Hosts, 'list'>;
}): Promise<RoomOnHosts> {
  const promises = await ports.store.readHostPromises();
  return { ...promises, hosts: await ports.hosts.list() };
}
