/** What one try to drain the queues of lost events left there. Writer: the sweep. */
export interface LostEventsLook {
  /** Epoch milliseconds. */
  readonly lookedAt: number;
  readonly queues: readonly LostEventsOfQueue[];
}

interface LostEventsOfQueue {
  readonly name: string;
  /** How many were taken up and are gone. */
  readonly drained: number;
  /** Of those that failed once more and stay: when the oldest of them was sent, epoch milliseconds. */
  readonly oldestSentAt?: number;
  /** Why the newest of them failed. */
  readonly error?: string;
}
