import { isToBeReplaced, type NodeWishItem, nodeWishes, placedItem } from '../run/node-words.ts';
import type { ServedCall } from '../world.ts';
import type { Watch } from './invariant.ts';
import { keyOf, type WrittenItem, writtenBy } from './written-items.ts';

interface Settings {
  readonly enable_replacement?: boolean;
  readonly min_delay_between_recovers_secs?: number;
}

interface OwnWish extends NodeWishItem {
  readonly replace?: NonNullable<NodeWishItem['replace']> & { readonly why?: string };
}

/** As long as a function may run, and two clocks are apart: what it looked at may be so old. */
const lookedMs = 17_000;

/**
 * Warden replaces a node by itself only where a config of the service has allowed it, never by force, one at a time but for
 * those that wait for a host, and not before the least time since the last one.
 */
export const automaticReplacementsKeepTheirPace: Watch = ({ onServed, aws, clock }) => {
  /** By service: what its configs have allowed. */
  const allowed = new Map<string, Settings[]>();
  const lastAt = new Map<string, number>();
  const known = new Map<string, number>();
  /** By key of a wait: until when it was for a host. */
  const forHostUntil = new Map<string, number>();
  const broken: string[] = [];

  const forget = (item: WrittenItem): void => {
    if (item['sk'] !== 'TARGET') return;
    const service = String(item['pk']).slice('SERVICE#'.length);
    for (const map of [allowed, lastAt]) map.delete(service);
    for (const key of known.keys()) if (key.startsWith(`SERVICE#${service} `)) known.delete(key);
  };

  const noteWait = (item: WrittenItem, isForHost: boolean): void => {
    if (!String(item['sk']).startsWith('WAIT#')) return;
    const until = forHostUntil.get(keyOf(item));
    if (isForHost) forHostUntil.set(keyOf(item), Number.POSITIVE_INFINITY);
    else if (until === Number.POSITIVE_INFINITY) forHostUntil.set(keyOf(item), clock.now());
  };

  const waitedForHost = ({ service, nodeId }: NodeWishItem): boolean =>
    [...forHostUntil].some(
      ([key, until]) => key.startsWith(`SERVICE#${service} WAIT#${nodeId}#`) && until >= clock.now() - lookedMs,
    );

  const judge = (item: WrittenItem): void => {
    const { service, nodeId, replace }: OwnWish = Object(item);
    if (replace === undefined || known.get(keyOf(item)) === replace.times) return;
    known.set(keyOf(item), replace.times);
    if (replace.why === undefined) return;
    const of = `the replacement of node ${nodeId} of ${service}`;
    const settings = (allowed.get(service) ?? []).filter(({ enable_replacement }) => enable_replacement === true);
    if (settings.length === 0) broken.push(`${of} was not allowed`);
    if (replace.force) broken.push(`${of} was forced`);
    const delays = settings.map(({ min_delay_between_recovers_secs: seconds = 600 }) => seconds * 1000);
    const since = clock.now() - (lastAt.get(service) ?? Number.NEGATIVE_INFINITY);
    if (since < Math.min(...delays) - lookedMs) broken.push(`${of} came ${since} ms after the one before`);
    lastAt.set(service, clock.now());
    const others = nodeWishes({ aws }, service).filter(
      (wish: OwnWish) => wish.nodeId !== nodeId && wish.replace?.why !== undefined,
    );
    const open = others.filter((wish) => isToBeReplaced(wish, placedItem({ aws }, wish)) && !waitedForHost(wish));
    if (open.length > 0) broken.push(`${of} came while Warden had asked for that of ${open.map((one) => one.nodeId)}`);
  };

  onServed((call: ServedCall) => {
    const { put, deleted } = writtenBy(call);
    for (const item of deleted) {
      forget(item);
      noteWait(item, false);
    }
    for (const item of put) {
      noteWait(item, Object(item['reason']).type === 'capacity');
      if (String(item['pk']).startsWith('CONFIG#')) {
        const service = String(item['pk']).slice('CONFIG#'.length);
        const { options }: { options?: { service?: Settings } } = Object(item);
        allowed.set(service, [...(allowed.get(service) ?? []), options?.service ?? {}]);
      }
      if (String(item['sk']).startsWith('NODE-WISH#')) judge(item);
    }
  });
  return { rule: 'I21: Warden replaces nodes by itself one at a time, where it may', afterStep: () => broken[0] };
};
