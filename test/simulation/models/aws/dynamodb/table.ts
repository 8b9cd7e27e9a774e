import type { SimulatedClock } from '../../../contract.ts';
import { freezeAll } from '../copy.ts';
import { compareText } from './condition-holds.ts';
import { type Item, sizeOfItem } from './document-value.ts';

/** The key of an item of our table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item and how large it is. */
export interface SizedItem {
  readonly item: Item;
  readonly bytes: number;
}

interface Stored {
  readonly now: SizedItem | undefined;
  /** What an eventually consistent read may still show. */
  readonly before: SizedItem | undefined;
  readonly writtenAt: number;
}

interface Partition {
  readonly bySortKey: Map<string, Stored>;
  /** The sort keys in their order; absent since a new one came. */
  sortKeys?: readonly string[];
}

/** The items of one table, by partition and sort key. What goes in and out is never changed afterwards. */
export class ModelTable {
  readonly #clock: SimulatedClock;
  readonly #partitions = new Map<string, Partition>();
  #staleForMs = 0;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** From now on reads that are not consistent show an item as it was so long ago; 0 ends that. */
  showStale(staleForMs: number): void {
    this.#staleForMs = staleForMs;
  }

  get(key: Key, isConsistent: boolean): Item | undefined {
    return this.#seen(this.#partitions.get(key.pk)?.bySortKey.get(key.sk), isConsistent)?.item;
  }

  /** Writes an item, or removes it. */
  set(key: Key, item: Item | undefined): void {
    // Items are read far more often than written: frozen ones need no copy on their way out.
    if (item !== undefined) freezeAll(item);
    const partition = this.#partitions.get(key.pk) ?? { bySortKey: new Map<string, Stored>() };
    this.#partitions.set(key.pk, partition);
    const known = partition.bySortKey.get(key.sk);
    if (known === undefined) delete partition.sortKeys;
    partition.bySortKey.set(key.sk, {
      now: item === undefined ? undefined : { item, bytes: sizeOfItem(item) },
      before: known?.now,
      writtenAt: this.#clock.now(),
    });
  }

  /** The items of a partition in the order of their sort keys. */
  partition(pk: string, isConsistent: boolean): readonly SizedItem[] {
    const partition = this.#partitions.get(pk);
    if (partition === undefined) return [];
    partition.sortKeys ??= [...partition.bySortKey.keys()].toSorted(compareText);
    return partition.sortKeys
      .map((sk) => this.#seen(partition.bySortKey.get(sk), isConsistent))
      .filter((sized) => sized !== undefined);
  }

  /** Everything that is stored, partition after partition. */
  all(): readonly Item[] {
    const partitions = [...this.#partitions.keys()].toSorted(compareText);
    return partitions.flatMap((pk) => this.partition(pk, true)).map(({ item }) => item);
  }

  /** Everything is as in this copy again, as after the restore of a backup. */
  restore(items: readonly Item[]): void {
    const kept = new Set(items.map(({ pk, sk }) => `${String(pk)} ${String(sk)}`));
    for (const { pk, sk } of this.all()) {
      if (!kept.has(`${String(pk)} ${String(sk)}`)) this.set({ pk: String(pk), sk: String(sk) }, undefined);
    }
    for (const item of items) this.set({ pk: String(item['pk']), sk: String(item['sk']) }, { ...item });
  }

  #seen(stored: Stored | undefined, isConsistent: boolean): SizedItem | undefined {
    if (stored === undefined) return undefined;
    const isFresh = this.#clock.now() - stored.writtenAt < this.#staleForMs;
    return isFresh && !isConsistent ? stored.before : stored.now;
  }
}
