import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Outcome, runLine } from './command-line.ts';
import { type ScriptedApi, serveScript } from './scripted-api.ts';

let api: ScriptedApi;

beforeEach(async () => {
  api = await serveScript();
});

afterEach(() => api.close());

function warden(line: string): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: api.url } });
}

const asked = (minute: string) => ({ requestedAt: `2026-11-21T12:${minute}:00.000Z` });

const operations = [
  { id: '5', kind: 'continue', requestedBy: 'bob', ...asked('04'), planId: 'p-2', phase: 'broker', outcome: 'done' },
  {
    ...{ id: '4', kind: 'restart', requestedBy: 'bob', ...asked('03'), planId: 'p-2', phase: 'broker' },
    ...{ step: 'kafka-0:[broker]', outcome: 'done' },
  },
  {
    ...{ id: '3', kind: 'update', requestedBy: 'ann', ...asked('02'), planId: 'p-2', outcome: 'in progress' },
    changes: [
      { pointer: '/brokers/mem', before: 2048, after: 4096 },
      { pointer: '/brokers/cpus', after: 2 },
      { pointer: '/kafka/num_io_threads', before: 8, after: 16 },
    ],
  },
  {
    ...{ id: '2', kind: 'refused update', requestedBy: 'ann', ...asked('01'), outcome: 'refused' },
    errors: [
      "Field: 'PodSpec[name:kafka]'; Transition: '3' => '2'; Message: 'New config's PodSpec named 'kafka' has 2 tasks, expected >=3 tasks'; Fatal: false",
    ],
  },
  {
    ...{ id: '1', kind: 'install', requestedBy: 'ann', ...asked('00'), planId: 'p-1', outcome: 'complete' },
    endedAt: '2026-11-21T12:00:30.000Z',
  },
];

describe('operations', () => {
  test('is a table of who asked for what and what became of it, with long reasons cut', async () => {
    api.answer('GET /service/kafka/v1/operations?limit=20', { status: 200, body: { operations } });
    const outcome = await warden('operations');
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).toBe('');
    expect(outcome.stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'TIME | WHO | WHAT | PLAN | OUTCOME',
      '2026-11-21T12:04:00.000Z | bob | continue broker | p-2 | done',
      '2026-11-21T12:03:00.000Z | bob | restart kafka-0:[broker] | p-2 | done',
      '2026-11-21T12:02:00.000Z | ann | update (/brokers/mem: 2048 → 4096, /brokers/cpus: not set → 2 and 1 more) | p-2 | in progress',
      "2026-11-21T12:01:00.000Z | ann | refused update (Field: 'PodSpec[name:kafka]'; Transition: '3' => '2'; Message: … | - | refused",
      '2026-11-21T12:00:00.000Z | ann | install | p-1 | complete',
      '',
    ]);
  });

  test('says how to see older ones, and goes on there', async () => {
    const [first] = operations;
    const page = { operations: [first], cursor: '2026-11-21#5' };
    api.answer('GET /service/kafka/v1/operations?limit=1', { status: 200, body: page });
    api.answer('GET /service/kafka/v1/operations?limit=1&before=2026-11-21%235', { status: 200, body: { operations } });
    expect((await warden('operations --limit 1')).stderr).toBe(
      'There are older ones: `warden --name=kafka operations --limit 1 --before 2026-11-21#5`\n',
    );
    expect((await warden('operations --limit 1 --before 2026-11-21#5')).exitCode).toBe(0);
  });

  test('--json prints the answer of the API', async () => {
    const page = { operations, cursor: 'c' };
    api.answer('GET /service/kafka/v1/operations?limit=100', { status: 200, body: page });
    const { stdout, stderr } = await warden('operations --limit 100 --json');
    expect([JSON.parse(stdout), stderr]).toEqual([page, '']);
  });

  test.each(['0', '101', '-1', '1.5', 'ten'])('refuses a limit of %s', async (limit) => {
    const outcome = await warden(`operations --limit ${limit}`);
    expect([outcome.exitCode, outcome.stderr]).toEqual([2, expect.stringContaining('from 1 to 100')]);
    expect(api.seen).toEqual([]);
  });
});
