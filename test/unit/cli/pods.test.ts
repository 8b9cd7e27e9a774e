import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TaskSeen } from '../../../lib/model/state.ts';
import { runningService } from '../api/a-running-service.ts';
import { type ApiServer, type ApiUnderTest, serveApi } from '../api/api-server.ts';
import { type Outcome, runLine } from './command-line.ts';

let api: ApiUnderTest;
let server: ApiServer;

beforeEach(async () => {
  api = await runningService();
  server = await serveApi(api, 's3cret');
  for (const nodeId of [0, 1, 2, 1000, 1001]) {
    const seen = { service: 'kafka', nodeId, taskArn: `arn:task/${nodeId}`, purpose: 'node', attempt: 1, version: 2 };
    await api.store.putSeen({ ...seen, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' } as TaskSeen);
  }
});

afterEach(() => server.close());

function warden(line: string): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: server.url, WARDEN_TOKEN: 's3cret' } });
}

const wishOf = async (nodeId: number) =>
  (await api.store.readService('kafka'))?.nodeWishes.find((wish) => wish.nodeId === nodeId);

describe.each(['pod', 'pods'])('%s', (pod) => {
  test('lists the names, and draws the tree of the 2.x CLI', async () => {
    expect(JSON.parse((await warden(`${pod} list`)).stdout).slice(2, 4)).toEqual(['kafka-2', 'controller-0']);
    expect((await warden(`${pod} status`)).stdout).toBe(
      [
        'kafka',
        '├─ kafka-0',
        '│  └─ kafka-0-broker (RUNNING)',
        '├─ kafka-1',
        '│  └─ kafka-1-broker (RUNNING)',
        '└─ kafka-2',
        '   └─ kafka-2-broker (RUNNING)',
        'controller',
        '├─ controller-0',
        '│  └─ controller-0-controller (RUNNING)',
        '├─ controller-1',
        '│  └─ controller-1-controller (RUNNING)',
        '└─ controller-2',
        '   └─ controller-2-controller (STAGING)',
        '',
      ].join('\n'),
    );
    expect((await warden(`${pod} status kafka-1`)).stdout).toBe('kafka-1\n└─ kafka-1-broker (RUNNING)\n');
  });

  test('prints statuses and facts as JSON', async () => {
    const all = await warden(`${pod} status --json`);
    expect(JSON.parse(all.stdout)).toMatchObject({
      service: 'kafka',
      pods: [{ name: 'kafka' }, { name: 'controller' }],
    });
    const one = await warden(`${pod} status kafka-1 --json`);
    expect(JSON.parse(one.stdout)).toMatchObject({ name: 'kafka-1', tasks: [{ status: 'RUNNING' }] });
    const info = await warden(`${pod} info kafka-1`);
    expect(JSON.parse(info.stdout)).toMatchObject([{ info: { attempt: 1 }, status: { state: 'RUNNING' } }]);
  });

  test('restarts one, and says which', async () => {
    const outcome = await warden(`${pod} restart controller-1`);
    const said = { pod: 'controller-1', tasks: ['controller-1-controller'] };
    expect([outcome.exitCode, outcome.stdout]).toEqual([0, `${JSON.stringify(said, null, 2)}\n`]);
    expect((await wishOf(1001))?.restart?.times).toBe(1);
  });

  test.each([
    ['', { volume: 'keep', force: false }],
    [' --discard', { volume: 'discard', force: false }],
    [' --discard --force', { volume: 'discard', force: true }],
  ])('replaces one with "%s", and says which', async (flags, wanted) => {
    const outcome = await warden(`${pod} replace kafka-0${flags}`);
    const said = { pod: 'kafka-0', tasks: ['kafka-0-broker'] };
    expect([outcome.exitCode, outcome.stdout]).toEqual([0, `${JSON.stringify(said, null, 2)}\n`]);
    expect((await wishOf(0))?.replace).toMatchObject(wanted);
  });

  test('answers 3 for one that is not there, 1 for what the API refuses, 2 without one', async () => {
    const absent = await warden(`${pod} restart kafka-9`);
    expect([absent.exitCode, absent.stderr]).toEqual([3, expect.stringContaining('Pod kafka-9 not found')]);
    const forced = await warden(`${pod} replace kafka-0 --force`);
    expect([forced.exitCode, forced.stderr]).toEqual([1, expect.stringContaining('only with volume=discard')]);
    expect((await warden(`${pod} restart`)).exitCode).toBe(2);
  });
});

describe.each([
  ['pod pause kafka-0', 'pod resume kafka-0'],
  ['debug pod pause kafka-0 -t kafka-0-broker', 'debug pod resume kafka-0 -t broker'],
  ['broker stop 0', 'broker start 0'],
])('%s', (stop, start) => {
  test('leaves the node down, until it is taken back', async () => {
    const said = { pod: 'kafka-0', tasks: ['kafka-0-broker'] };
    const paused = await warden(stop);
    expect([paused.exitCode, JSON.parse(paused.stdout)]).toEqual([0, said]);
    const pause = (await wishOf(0))?.pause;
    expect([pause === undefined, pause?.until]).toEqual([false, undefined]);
    const resumed = await warden(start);
    expect([resumed.exitCode, JSON.parse(resumed.stdout)]).toEqual([0, said]);
    expect((await wishOf(0))?.pause).toBeUndefined();
  });

  test('takes how long it is to last', async () => {
    expect((await warden(`${stop} --for 30m`)).exitCode).toBe(0);
    const pause = (await wishOf(0))?.pause;
    expect((pause?.until ?? 0) - (pause?.requestedAt ?? 0)).toBe(1_800_000);
    const wrong = await warden(`${stop} --for soon`);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('like 90s, 20m or 1h30m')]);
  });
});

describe('broker', () => {
  test('restarts one in the form of the 1.x guides', async () => {
    const outcome = await warden('broker restart 2');
    expect([outcome.exitCode, JSON.parse(outcome.stdout)]).toEqual([0, ['kafka-2-broker__2']]);
    expect((await wishOf(2))?.restart?.times).toBe(1);
  });

  test('replaces one in the form of the 1.x guides', async () => {
    const outcome = await warden('broker replace 2');
    expect([outcome.exitCode, JSON.parse(outcome.stdout)]).toEqual([0, ['kafka-2-broker__2']]);
    expect((await wishOf(2))?.replace).toMatchObject({ times: 1, volume: 'keep' });
  });

  test.each(['broker restart kafka-0', 'broker replace kafka-0', 'broker stop x', 'broker restart'])(
    '%s is refused',
    async (line) => {
      expect((await warden(line)).exitCode).toBe(2);
    },
  );
});
