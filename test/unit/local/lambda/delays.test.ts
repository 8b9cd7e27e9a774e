import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEventsService } from '../../../../local/events/service.ts';
import { createLambdaService } from '../../../../local/lambda/service.ts';
import { createLogsService } from '../../../../local/logs/service.ts';
import { createRecorder } from '../events/recorder.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { createFunction, invoke, newFolder, removeFolder, type SmallCloud, startSmallCloud } from './small-cloud.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const PORT = 21_404;
const delays = { callMs: 40, eventMs: 500 };

let folder: string;
let clock: HandClock;
let small: SmallCloud;

beforeEach(() => {
  folder = newFolder();
  clock = createHandClock(NOON);
});

afterEach(async () => {
  await small.close();
  removeFolder(folder);
});

/** Lets whatever could begin already begin. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a cloud that is late on purpose', () => {
  test('begins a call of a function when its latency is over', async () => {
    const services = [createLogsService, (cloud: SmallCloud['cloud']) => createLambdaService(cloud, clock)];
    small = await startSmallCloud({ folder, port: PORT, services, delays });
    await createFunction(small.cloud, 'echo', { code: 'export const handler = async ({ a }) => a;' });
    const answer = invoke(small.cloud, 'echo', { a: 1 });
    await settle();
    expect(clock.pending()).toBe(1);
    clock.advance(39);
    expect(clock.pending()).toBe(1);
    clock.advance(1);
    expect(await answer).toEqual({ payload: 1 });
  });

  test('delivers an event of a service when its delay is over', async () => {
    const recorder = createRecorder();
    const services = [...recorder.services, (cloud: SmallCloud['cloud']) => createEventsService(cloud, clock)];
    small = await startSmallCloud({ folder, port: PORT, services, delays });
    await small.cloud.call('events', 'PutRule', { Name: 'allowed', EventPattern: '{"source":["aws.ecs"]}' });
    const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:handler';
    await small.cloud.call('events', 'PutTargets', { Rule: 'allowed', Targets: [{ Id: 't', Arn }] });
    small.cloud.emit({ source: 'aws.ecs', detailType: 'Task', resources: [], time: NOON, detail: {} });
    await settle();
    clock.advance(499);
    await settle();
    expect(recorder.calls).toEqual([]);
    clock.advance(1);
    expect((await recorder.callsOf(1)).map(({ operation }) => operation)).toEqual(['Invoke']);
  });
});
