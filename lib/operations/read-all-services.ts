import type { ServiceState } from '../model/state.ts';
import type { Store } from '../ports/store.ts';

/** All services as they are now. One that went away since its name was read is none of them. */
export async function readAllServices(store: Store): Promise<readonly ServiceState[]> {
  const states = await Promise.all((await store.listServices()).map((name) => store.readService(name)));
  return states.filter((state) => state !== undefined);
}
