import type { Refusal } from '../model/refusal.ts';
import { choosePorts, type PortChoice } from '../model/service/choose-ports.ts';
import type { ServiceOptions } from '../model/service/options.ts';
import { nameIsFree } from '../model/service/validate/name-is-free.ts';
import { portsAreFree } from '../model/service/validate/ports-are-free.ts';
import type { Store } from '../ports/store.ts';

/** What of an options document other services have already. */
export interface TakenByOthers {
  readonly name: readonly Refusal[];
  readonly ports: readonly Refusal[];
  /** The ports that the service could have now. */
  readonly choice: PortChoice;
}

/** Looks up name and ports. A name that is taken explains ports that its service has: it is the same one. */
export async function takenByOthers(store: Store, options: ServiceOptions): Promise<TakenByOthers> {
  const name = nameIsFree(options, await store.listServices());
  const choice = choosePorts(options, await store.listPortClaims());
  const taken = choice.type === 'taken' ? choice.taken : [];
  return { name, ports: portsAreFree(taken.filter(({ service }) => service !== options.service.name)), choice };
}

/** Those that say something of an option that is not refused for itself. */
export function ofReadOptions(taken: TakenByOthers, refusals: readonly Refusal[]): readonly Refusal[] {
  const isRefused = (pointer: string) =>
    refusals.some((refusal) => pointer === refusal.pointer || pointer.startsWith(`${refusal.pointer}/`));
  return [...taken.name, ...taken.ports].filter(({ pointer }) => !isRefused(pointer));
}
