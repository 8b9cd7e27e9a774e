import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callControl } from '../../../../local/chaos/client/call-control.ts';
import { AwsError } from '../../../../local/core/aws-error.ts';
import { ChaosRefusal } from '../../../../local/core/chaos.ts';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';

const PORT = 21_451;
const AT = `http://127.0.0.1:${PORT}`;

let folder: string;
let running: RunningCloud;
const told: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'control-'));
  running = await createCloud({
    ...{ dataFolder: folder, optFolder: folder, port: PORT, log: (line) => void told.push(line) },
    services: [
      () => ({
        name: 'sqs',
        handlers: {},
        chaos: {
          verbs: {
            'queue/lose': (input) => `lost ${input['count']}`,
            'queue/refuse': () => {
              throw new ChaosRefusal('there is no queue', 404);
            },
            'queue/call': () => Promise.reject(new AwsError('QueueDoesNotExist', 'it is not there')),
            'queue/break': () => Promise.reject(new Error('a defect')),
          },
          show: () => ['A queue loses messages'],
          calm: () => void told.push('calm'),
        },
      }),
    ],
  });
});

beforeEach(() => void told.splice(0));

afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

async function post(path: string, body = '{}', headers: Record<string, string> = {}) {
  const answer = await fetch(`${AT}/_cloud/chaos/${path}`, { method: 'POST', body, headers });
  return { status: answer.status, ...((await answer.json()) as object) };
}

describe('the control of a cloud', () => {
  test('does what it is asked for, and the log tells it', async () => {
    expect(await post('queue/lose', '{"count":3}')).toEqual({ status: 200, done: 'lost 3' });
    expect(told).toContain('chaos: queue/lose: lost 3');
  });

  test('tells what is disturbed', async () => {
    const answer = await fetch(`${AT}/_cloud/chaos`);
    expect(await answer.json()).toEqual({
      disturbances: ['A queue loses messages'],
      verbs: expect.arrayContaining(['off', 'queue/lose', 'throttle/on']),
    });
  });

  test('ends all that lasts', async () => {
    expect(await post('off')).toMatchObject({ status: 200 });
    expect(told).toContain('calm');
  });

  test.each([
    ['queue/refuse', '{}', 404, 'there is no queue'],
    ['queue/call', '{}', 409, 'QueueDoesNotExist: it is not there'],
    ['queue/break', '{}', 500, 'LOCAL CLOUD BUG: a defect'],
    ['queue/lose', '[]', 400, 'The body must be a JSON object'],
    ['queue/lose', '{', 400, 'The body must be a JSON object'],
    ['queue/eat', '{}', 404, 'There is no verb queue/eat; GET /_cloud/chaos tells which there are'],
    ['toString', '{}', 404, 'There is no verb toString'],
  ])('refuses %s with %s by %d', async (path, body, status, error) => {
    expect(await post(path, body)).toEqual({ status, error: expect.stringContaining(error) });
  });

  test('does nothing for a page in a browser, nor for a GET', async () => {
    expect(await post('queue/lose', '{}', { origin: 'http://example.com' })).toMatchObject({ status: 400 });
    expect((await fetch(`${AT}/_cloud/chaos/queue/lose`)).status).toBe(400);
    expect(told).toEqual([]);
  });

  test('leaves all other paths to the services', async () => {
    const answer = await fetch(`${AT}/_cloud/chaosx`, { method: 'POST' });
    expect(await answer.text()).toContain('no REST service s3');
  });
});

describe('the client', () => {
  const verb = (path: string) => ({ type: 'verb', path, input: { count: 1 } }) as const;

  test('tells what was done, refused or disturbed', async () => {
    const environment = { AWS_ENDPOINT_URL: AT };
    expect(await callControl(verb('queue/lose'), environment)).toEqual({ type: 'done', text: 'lost 1' });
    expect(await callControl(verb('queue/refuse'), environment)).toEqual({
      type: 'refused',
      text: 'there is no queue',
    });
    expect(await callControl({ type: 'status', endpoint: AT }, {})).toEqual({
      ...{ type: 'done', text: 'A queue loses messages' },
    });
  });

  test('says where no cloud answers', async () => {
    const at = 'http://127.0.0.1:1';
    expect(await callControl({ type: 'status', endpoint: at }, {})).toEqual({
      type: 'unreachable',
      text: expect.stringContaining(`No local cloud answers at ${at} (`),
    });
  });

  test.each(['https://ecs.us-east-1.amazonaws.com', 'http://example.com', 'nonsense', 'http://127.0.0.1.example.com'])(
    'never asks %s',
    async (endpoint) => {
      await expect(callControl({ type: 'status', endpoint }, {})).rejects.toThrow(
        'allowed are addresses of this machine',
      );
    },
  );
});
