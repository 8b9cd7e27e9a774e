import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEventsService } from '../../../../local/events/service.ts';
import { createHandClock, type HandClock } from '../lambda/hand-clock.ts';
import { newFolder, removeFolder, type SmallCloud, startSmallCloud } from '../lambda/small-cloud.ts';
import { createRecorder, payloadOf, type Recorder } from './recorder.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const PORT = 21_421;
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:handler';
const TASK = { source: 'aws.ecs', detailType: 'Task', resources: [], time: NOON };

let folder: string;
let clock: HandClock;
let recorder: Recorder;
let small: SmallCloud;

beforeEach(async () => {
  folder = newFolder();
  clock = createHandClock(NOON);
  recorder = createRecorder();
  small = await startSmallCloud({
    folder,
    port: PORT,
    services: [...recorder.services, (cloud) => createEventsService(cloud, clock)],
  });
  await small.cloud.call('events', 'PutRule', { Name: 'allowed', EventPattern: '{"source":["aws.ecs"]}' });
  await small.cloud.call('events', 'PutTargets', { Rule: 'allowed', Targets: [{ Id: 't', Arn: FUNCTION }] });
});

afterEach(async () => {
  await small.close();
  removeFolder(folder);
});

async function ask(verb: string, input: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${PORT}/_cloud/chaos/${verb}`, {
    method: 'POST',
    body: JSON.stringify(input),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

function emit(...numbers: readonly number[]): void {
  for (const n of numbers) small.cloud.emit({ ...TASK, detail: { n } });
}

function delivered(): unknown[] {
  return recorder.calls.map((call) => (payloadOf(call)['detail'] as { readonly n: number }).n);
}

/** Lets what is under way in this process come to rest: the queue works on the event loop alone. */
async function settle(): Promise<void> {
  for (let i = 0; i < 40; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('events that are disturbed', () => {
  test('come twice with one id', async () => {
    await ask('events/set', { duplicate: 1 });
    emit(1, 2);
    await recorder.callsOf(4);
    await settle();
    expect(delivered().toSorted()).toEqual([1, 1, 2, 2]);
    expect(new Set(recorder.calls.map((call) => payloadOf(call)['id'])).size).toBe(2);
  });

  test('come as late as they shall, and those after the end of it at once', async () => {
    await ask('events/set', { minDelayMs: 30_000 });
    emit(1);
    clock.advance(29_999);
    await settle();
    expect(delivered()).toEqual([]);
    await ask('events/off', {});
    emit(2);
    await recorder.callsOf(1);
    clock.advance(1);
    await recorder.callsOf(2);
    expect(delivered()).toEqual([2, 1]);
  });

  test('come in another order within their window, and never before those of an earlier one', async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    await ask('events/set', { shuffleMs: 10_000, seed: 3 });
    emit(...numbers);
    clock.advance(9_000);
    await settle();
    expect(delivered()).toEqual([]);
    clock.advance(1_001);
    await recorder.callsOf(20);
    emit(100);
    clock.advance(10_001);
    await recorder.callsOf(21);
    const order = delivered();
    expect(order.slice(0, 20)).not.toEqual(numbers);
    expect(order.slice(0, 20).toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers);
    expect(order[20]).toBe(100);
  });

  test('of one kind leave the others alone, and schedules keep their time', async () => {
    await small.cloud.call('events', 'PutRule', { Name: 'allowed-beat', ScheduleExpression: 'rate(1 minute)' });
    const Targets = [{ Id: 't', Arn: FUNCTION, Input: '{"detail":{"n":"beat"}}' }];
    await small.cloud.call('events', 'PutTargets', { Rule: 'allowed-beat', Targets });
    await ask('events/set', { detailType: 'Task', drop: 1 });
    await ask('events/set', { detailType: 'Scheduled Event', drop: 1 });
    emit(1);
    small.cloud.emit({ ...TASK, detailType: 'Host', detail: { n: 2 } });
    await recorder.callsOf(1);
    clock.advance(60_000);
    await recorder.callsOf(2);
    expect(delivered()).toEqual([2, 'beat']);
  });
});
