import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { type Outcome, WorkQueue } from '../events/work-queue.ts';
import { type FinishedInvocation, sendToDeadLetterQueue, sendToDestination } from './destinations.ts';
import type { CallResult } from './environment.ts';
import type { FunctionRecord } from './function-record.ts';
import type { FunctionStore } from './function-store.ts';
import type { Pool } from './pool.ts';

/** An asynchronous invocation in the durable queue. Times are epoch milliseconds. */
interface Invocation {
  readonly requestId: string;
  readonly functionName: string;
  readonly payload: string;
  readonly acceptedAt: number;
  /** Times that the function ran and failed. */
  readonly failures: number;
  /** Times that it could not be run at all. */
  readonly refusals: number;
}

/** The queue of asynchronous invocations. */
export interface AsyncInvocations {
  /** The invocation is durable when this returns. */
  readonly accept: (record: FunctionRecord, payload: string) => void;
  /** Drops what waits for a function that was deleted. */
  readonly drop: (functionName: string) => void;
  readonly start: () => void;
  readonly stop: () => void;
}

const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;
const RETRY_AFTER_MS = [60_000, 120_000];
const FIRST_REFUSAL_BACKOFF_MS = 1_000;
const MAX_REFUSAL_BACKOFF_MS = 300_000;

/**
 * Runs queued invocations at least once: a function that fails is tried again after one and two minutes, one that
 * cannot be run (throttled, its role gone) until the event is too old; then destination and dead-letter queue get it.
 */
export function createAsyncInvocations(store: FunctionStore, pool: Pool): AsyncInvocations {
  const queue = new WorkQueue<Invocation>({
    file: join(store.cloud.dataFolder, 'lambda', 'async.jsonl'),
    clock: store.clock,
    work: (invocation) => run(store, pool, invocation),
    log: store.cloud.log,
  });
  return {
    accept: ({ name }, payload) => {
      const requestId = randomUUID();
      const acceptedAt = store.clock.now();
      queue.add(requestId, { requestId, functionName: name, payload, acceptedAt, failures: 0, refusals: 0 });
    },
    drop: (name) => queue.drop(({ functionName }) => functionName === name),
    start: () => queue.start(),
    stop: () => queue.stop(),
  };
}

async function run(store: FunctionStore, pool: Pool, invocation: Invocation): Promise<Outcome<Invocation>> {
  const record = store.functions.get(invocation.functionName);
  // A function that was deleted takes its events with it.
  if (record === undefined) return { type: 'done' };
  const ageMs = store.clock.now() - invocation.acceptedAt;
  if (ageMs > (record.invokeConfig?.maxAgeSeconds ?? DEFAULT_AGE_SECONDS) * 1000) {
    return finish(store, record, { invocation, condition: 'EventAgeExceeded' });
  }
  // A function that reserves no concurrency for itself is switched off: its events wait.
  if (record.reservedConcurrency === 0) return refused(store, invocation);
  try {
    const { requestId, payload } = invocation;
    const result = await pool.run(record, { requestId, payload });
    return afterRun(store, record, { invocation, result });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    store.cloud.log(`lambda: ${record.name} could not be run: ${error.name}: ${error.message}`);
    return refused(store, invocation);
  }
}

async function afterRun(
  store: FunctionStore,
  record: FunctionRecord,
  { invocation, result }: { readonly invocation: Invocation; readonly result: CallResult },
): Promise<Outcome<Invocation>> {
  if (result.type === 'succeeded') return finish(store, record, { invocation, result, condition: 'Success' });
  const failures = invocation.failures + 1;
  const item = { ...invocation, failures };
  const retryAfterMs = RETRY_AFTER_MS[invocation.failures];
  if (failures > (record.invokeConfig?.maxRetries ?? DEFAULT_RETRIES) || retryAfterMs === undefined) {
    return finish(store, record, { invocation: item, result, condition: 'RetriesExhausted' });
  }
  return { type: 'again', item, dueAt: store.clock.now() + retryAfterMs };
}

function refused(store: FunctionStore, invocation: Invocation): Outcome<Invocation> {
  const delayMs = Math.min(FIRST_REFUSAL_BACKOFF_MS * 2 ** invocation.refusals, MAX_REFUSAL_BACKOFF_MS);
  return {
    type: 'again',
    item: { ...invocation, refusals: invocation.refusals + 1 },
    dueAt: store.clock.now() + delayMs,
  };
}

interface Finish {
  readonly invocation: Invocation;
  readonly result?: CallResult;
  readonly condition: FinishedInvocation['condition'];
}

async function finish(store: FunctionStore, record: FunctionRecord, ended: Finish): Promise<Outcome<Invocation>> {
  const { invocation, result, condition } = ended;
  const finished: FinishedInvocation = {
    record,
    requestId: invocation.requestId,
    payload: invocation.payload,
    runs: invocation.failures + (condition === 'Success' ? 1 : 0),
    condition,
    ...(result === undefined ? {} : { result }),
  };
  await sendToDestination(store, finished);
  if (condition !== 'Success') await sendToDeadLetterQueue(store, finished);
  return { type: 'done' };
}
