/** What one try to drain the queues of lost events found there. Writer: reconcile. */
export interface LostEventsLook {
  /** Epoch milliseconds. */
  readonly lookedAt: number;
  readonly queues: readonly LostEventsOfQueue[];
}

export interface LostEventsOfQueue {
  readonly name: string;
  /** `undelivered`: never handed to our function; `failed`: our function failed on them. */
  readonly holds: 'undelivered' | 'failed';
  /** How many the newest look that found any took up: they are gone from the queue. */
  readonly drained: number;
  /** Of that look, epoch milliseconds; absent: none ever found any. */
  readonly drainedAt?: number;
  /** How many this look could not take up: they stay. */
  readonly stayed: number;
  /** Of those that stay: when the oldest of them was sent, epoch milliseconds. */
  readonly oldestSentAt?: number;
  /** Why the last of them could not be taken up, or why the queue could not be read. */
  readonly error?: string;
  /** The look ended before the queue did: the next one goes on. */
  readonly isCut?: boolean;
}
