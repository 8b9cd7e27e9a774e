import type { NameRecord } from '../../lib/model/names/name-record.ts';
import type { Names } from '../../lib/ports/names.ts';
import type { HandClock } from './hand-clock.ts';

export interface FakeNames extends Names {
  /** What the zone says now: `name address,address`, sorted. */
  lines(): readonly string[];
  /** Somebody else's hand at the console: no addresses remove the record. */
  set(name: string, addresses: readonly string[]): void;
  /** Whether every resolver has the newest addresses of a name. */
  isEverywhere(name: string): boolean;
  /** The names of each change, in order. */
  readonly published: readonly string[];
  /** Changes are forgotten from now on. */
  forgetChanges(): void;
}

const ttlSeconds = 10;

/** A private zone in memory: upserts at once, and resolvers that take their time. */
export function createFakeNames(
  clock: HandClock,
  options: { readonly zone: string; readonly spreadMs: number },
): FakeNames {
  const records = new Map<string, NameRecord>();
  const known = new Set<string>();
  const changes = new Map<string, 'on its way' | 'everywhere'>();
  const published: string[] = [];
  let isForgetful = false;
  return {
    zone: options.zone,
    lines: () => [...records.values()].map(({ name, addresses }) => `${name} ${addresses.join(',')}`).sort(),
    set(name, addresses) {
      if (addresses.length === 0) records.delete(name);
      else records.set(name, { name, addresses, ttlSeconds });
    },
    isEverywhere: (name) => known.has(name),
    published,
    forgetChanges: () => {
      isForgetful = true;
    },
    list: async (domain) => [...records.values()].filter(({ name }) => name.endsWith(`.${domain}`)),
    async publish(wanted) {
      const id = `C${changes.size + 1}`;
      for (const record of wanted) {
        if (!record.name.endsWith(`.${options.zone}`)) throw new Error(`InvalidChangeBatch: ${record.name}`);
        if (new Set(record.addresses).size < record.addresses.length) throw new Error('InvalidChangeBatch: duplicate');
        if (record.addresses.length === 0) throw new Error('InvalidInput: no addresses');
        records.set(record.name, record);
        known.delete(record.name);
      }
      published.push(wanted.map(({ name }) => name).join(' '));
      changes.set(id, 'on its way');
      clock.after(options.spreadMs, () => {
        changes.set(id, 'everywhere');
        for (const { name } of wanted) known.add(name);
      });
      return id;
    },
    change: async (changeId) => (isForgetful ? 'unknown' : (changes.get(changeId) ?? 'unknown')),
    async remove(listed) {
      for (const { name, addresses } of listed) {
        if (records.get(name)?.addresses.join() !== addresses.join()) throw new Error(`InvalidChangeBatch: ${name}`);
        records.delete(name);
      }
    },
  };
}
