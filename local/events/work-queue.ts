import { DurableMap } from '../core/durable-map.ts';
import type { Clock } from './clock.ts';

/** What becomes of an item after one try. `dueAt` is epoch milliseconds. */
export type Outcome<Item> =
  | { readonly type: 'done' }
  | { readonly type: 'again'; readonly item: Item; readonly dueAt: number };

interface Entry<Item> {
  readonly item: Item;
  readonly dueAt: number;
}

/** What a queue is made of. */
export interface WorkQueueOptions<Item> {
  readonly file: string;
  readonly clock: Clock;
  readonly work: (item: Item) => Promise<Outcome<Item>>;
  readonly log: (line: string) => void;
}

/** Timers hold 31 bits of milliseconds; a longer wait looks again each hour. */
const MAX_WAIT_MS = 3_600_000;
const UNEXPECTED_RETRY_MS = 60_000;
const COMPACT_AFTER_CHANGES = 2_000;

/**
 * A durable queue that works on each item at least once. Items begin in the order in which they are due, those of one
 * moment in the order in which they were added, and do not wait on each other; one that was under way at a crash begins
 * again.
 */
export class WorkQueue<Item> {
  readonly #options: WorkQueueOptions<Item>;
  readonly #running = new Set<string>();
  #entries: DurableMap<Entry<Item>>;
  #changes = 0;
  #isStarted = false;
  #isRunPending = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: WorkQueueOptions<Item>) {
    this.#options = options;
    this.#entries = new DurableMap(options.file);
  }

  /** The item is durable when this returns; work on it never begins before that, nor before the delay is over. */
  add(key: string, item: Item, delayMs = 0): void {
    this.#change(() => this.#entries.set(key, { item, dueAt: this.#options.clock.now() + delayMs }));
    this.#schedule();
  }

  /** Drops the items that the predicate names; those under way end by themselves. */
  drop(isDropped: (item: Item) => boolean): void {
    for (const key of this.#entries.keys()) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && isDropped(entry.item)) this.#change(() => this.#entries.delete(key));
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  start(): void {
    this.#isStarted = true;
    this.#schedule();
  }

  stop(): void {
    this.#isStarted = false;
    this.#cancelTimer();
  }

  #schedule(): void {
    if (!this.#isStarted) return;
    this.#cancelTimer();
    const waiting = this.#waiting();
    if (waiting.length === 0) return;
    const earliest = waiting.reduce((min, [, entry]) => Math.min(min, entry.dueAt), Number.POSITIVE_INFINITY);
    const delayMs = earliest - this.#options.clock.now();
    if (delayMs > 0)
      this.#cancelTimer = this.#options.clock.after(Math.min(delayMs, MAX_WAIT_MS), () => this.#runDue());
    else this.#runSoon();
  }

  #runSoon(): void {
    if (this.#isRunPending) return;
    this.#isRunPending = true;
    setImmediate(() => {
      this.#isRunPending = false;
      this.#runDue();
    });
  }

  #runDue(): void {
    if (!this.#isStarted) return;
    const now = this.#options.clock.now();
    const due = this.#waiting().filter(([, { dueAt }]) => dueAt <= now);
    for (const [key, entry] of due.toSorted(([, a], [, b]) => a.dueAt - b.dueAt)) void this.#run(key, entry);
    this.#schedule();
  }

  async #run(key: string, entry: Entry<Item>): Promise<void> {
    this.#running.add(key);
    const outcome = await this.#try(entry.item);
    this.#running.delete(key);
    // A stop or a drop during the work leaves nothing to write.
    if (this.#isStarted && this.#entries.has(key)) {
      if (outcome.type === 'done') this.#change(() => this.#entries.delete(key));
      else this.#change(() => this.#entries.set(key, { item: outcome.item, dueAt: outcome.dueAt }));
    }
    this.#schedule();
  }

  async #try(item: Item): Promise<Outcome<Item>> {
    try {
      return await this.#options.work(item);
    } catch (error) {
      // The work maps the refusals it knows to outcomes; whatever else it throws must not lose the item.
      this.#options.log(
        `${this.#options.file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return { type: 'again', item, dueAt: this.#options.clock.now() + UNEXPECTED_RETRY_MS };
    }
  }

  #waiting(): [string, Entry<Item>][] {
    return this.#entries.keys().flatMap((key) => {
      const entry = this.#entries.get(key);
      return entry === undefined || this.#running.has(key) ? [] : [[key, entry] as [string, Entry<Item>]];
    });
  }

  /** Opening the journal again compacts it; a queue that has run for long would grow it without end. */
  #change(write: () => void): void {
    write();
    this.#changes += 1;
    if (this.#changes < Math.max(COMPACT_AFTER_CHANGES, 4 * this.#entries.size)) return;
    this.#changes = 0;
    this.#entries = new DurableMap(this.#options.file);
  }
}
