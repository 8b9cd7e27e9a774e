import type { SimulatedClock } from '../../../contract.ts';
import { compareText } from './condition-holds.ts';
import type { Item } from './document-value.ts';

/** The key of an item of our table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

interface Stored {
  readonly item: Item | undefined;
  /** What an eventually consistent read may still show. */
  readonly before: Item | undefined;
  readonly writtenAt: number;
}

/** The items of one table, by partition and sort key. What goes in and out is never changed afterwards. */
export class ModelTable {
  readonly #clock: SimulatedClock;
  readonly #partitions = new Map<string, Map<string, Stored>>();
  #staleForMs = 0;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** From now on reads that are not consistent show an item as it was so long ago; 0 ends that. */
  showStale(staleForMs: number): void {
    this.#staleForMs = staleForMs;
  }

  get(key: Key, isConsistent: boolean): Item | undefined {
    return this.#seen(this.#partitions.get(key.pk)?.get(key.sk), isConsistent);
  }

  /** Writes an item, or removes it. */
  set(key: Key, item: Item | undefined): void {
    const partition = this.#partitions.get(key.pk) ?? new Map<string, Stored>();
    this.#partitions.set(key.pk, partition);
    const before = partition.get(key.sk)?.item;
    partition.set(key.sk, { item, before, writtenAt: this.#clock.now() });
  }

  /** The items of a partition in the order of their sort keys. */
  partition(pk: string, isConsistent: boolean): readonly Item[] {
    const partition = [...(this.#partitions.get(pk) ?? [])];
    return partition
      .toSorted(([left], [right]) => compareText(left, right))
      .map(([, stored]) => this.#seen(stored, isConsistent))
      .filter((item) => item !== undefined);
  }

  /** Everything that is stored, partition after partition. */
  all(): readonly Item[] {
    return [...this.#partitions.keys()].toSorted(compareText).flatMap((pk) => this.partition(pk, true));
  }

  #seen(stored: Stored | undefined, isConsistent: boolean): Item | undefined {
    if (stored === undefined) return undefined;
    const isFresh = this.#clock.now() - stored.writtenAt < this.#staleForMs;
    return isFresh && !isConsistent ? stored.before : stored.item;
  }
}
