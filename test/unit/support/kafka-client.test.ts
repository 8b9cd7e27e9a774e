import { createRequire } from 'node:module';
import { afterEach, expect, jest, test } from '@jest/globals';
import { logLevel, type RequestQueue } from '../../support/kafka-client.ts';

const require = createRequire(import.meta.url);
const Queue = require('kafkajs/src/network/requestQueue') as new (
  options: object,
) => RequestQueue & {
  maybeThrottle(ms: number): void;
  pending: unknown[];
};
const { createLogger } = require('kafkajs/src/loggers') as { createLogger(options: object): unknown };
const consoleLogger = require('kafkajs/src/loggers/console');

afterEach(() => {
  jest.useRealTimers();
});

function newQueue() {
  jest.useFakeTimers({ now: 1_800_000_000_000 });
  const timers = jest.spyOn(globalThis, 'setTimeout');
  const logger = createLogger({ level: logLevel.NOTHING, logCreator: consoleLogger });
  return { timers, queue: new Queue({ maxInFlightRequests: 1, requestTimeout: 30_000, clientId: 'c', logger }) };
}

test('a client whose queue is empty sets no timer, and so none of less than nothing', () => {
  const { timers, queue } = newQueue();
  queue.scheduleCheckPendingRequests();
  expect(timers).not.toHaveBeenCalled();
});

test('a client comes back for a request that waits, after Kafka throttled it at the end of that time', () => {
  const { timers, queue } = newQueue();
  queue.pending.push({});
  queue.maybeThrottle(500);
  queue.scheduleCheckPendingRequests();
  expect(timers.mock.calls.map(([, ms]) => ms)).toEqual([500]);
});
