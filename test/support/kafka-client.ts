import { createRequire } from 'node:module';

export { Kafka, logLevel } from 'kafkajs';

/** The part of kafkajs's queue of requests that is mended here. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  /** Epoch milliseconds; -1 before Kafka first throttled. */
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

/**
 * kafkajs 2.2.4 sets a timer of `-1 - Date.now()` ms after each answer, also when no request waits: Node.js warns of it
 * (TimeoutNegativeWarning) in the middle of a test run. Without a request that waits there is nothing to come back for.
 */
const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
const { scheduleCheckPendingRequests } = prototype;
prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue): void {
  if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
};
