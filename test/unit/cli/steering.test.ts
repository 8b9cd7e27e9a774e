import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Outcome, runLine } from './command-line.ts';
import { problemAnswer, type ScriptedApi, serveScript } from './scripted-api.ts';

let api: ScriptedApi;

beforeEach(async () => {
  api = await serveScript();
});

afterEach(() => api.close());

function warden(line: string): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: api.url } });
}

const plans = 'POST /service/kafka/v1/plans';
const noted = (message: string) => ({ status: 200, body: { message } });

describe('a command on a plan', () => {
  test.each([
    ['plan pause deploy', 'deploy/interrupt', '"deploy" plan has been paused.'],
    ['plan interrupt deploy broker', 'deploy/interrupt?phase=broker', '"deploy" plan: phase "broker" has been paused.'],
    ['plan resume deploy', 'deploy/continue', '"deploy" plan has been resumed.'],
    ['plan continue deploy broker', 'deploy/continue?phase=broker', '"deploy" plan: phase "broker" has been resumed.'],
    ['plan force-restart recovery', 'recovery/restart', '"recovery" plan has been restarted.'],
    ['plan restart deploy broker', 'deploy/restart?phase=broker', '"deploy" plan: phase "broker" has been restarted.'],
    [
      'plan force-restart deploy broker kafka-0:[broker]',
      'deploy/restart?phase=broker&step=kafka-0%3A%5Bbroker%5D',
      '"deploy" plan: step "kafka-0:[broker]" in phase "broker" has been restarted.',
    ],
    [
      'plan force-complete deploy broker kafka-0:[broker]',
      'deploy/forceComplete?phase=broker&step=kafka-0%3A%5Bbroker%5D',
      '"deploy" plan: step "kafka-0:[broker]" in phase "broker" has been forced to complete.',
    ],
    [
      'plan force deploy broker s-1',
      'deploy/forceComplete?phase=broker&step=s-1',
      '"deploy" plan: step "s-1" in phase "broker" has been forced to complete.',
    ],
    ['update pause', 'deploy/interrupt', '"deploy" plan has been paused.'],
    ['update resume', 'deploy/continue', '"deploy" plan has been resumed.'],
    ['update force-restart', 'deploy/restart', '"deploy" plan has been restarted.'],
    ['update restart broker', 'deploy/restart?phase=broker', '"deploy" plan: phase "broker" has been restarted.'],
    [
      'update force-complete broker s-1',
      'deploy/forceComplete?phase=broker&step=s-1',
      '"deploy" plan: step "s-1" in phase "broker" has been forced to complete.',
    ],
  ])('%s prints the sentence of the 2.x CLI', async (line, target, sentence) => {
    api.answer(`${plans}/${target}`, noted('Received cmd'));
    expect(await warden(line)).toEqual({ exitCode: 0, stdout: `${sentence}\n`, stderr: '' });
    expect(api.seen).toEqual([{ request: `${plans}/${target}` }]);
  });

  test.each([
    ['plan continue', 'continue'],
    ['plan interrupt', 'interrupt'],
    ['plan force', 'forceComplete'],
    ['plan restart', 'restart'],
  ])('%s without a plan is the 1.x form and prints its answer', async (line, command) => {
    api.answer(`POST /service/kafka/v1/plan/${command}`, { status: 200, body: { Result: `Received cmd: ${command}` } });
    expect(await warden(line)).toEqual({
      exitCode: 0,
      stdout: `{\n  "Result": "Received cmd: ${command}"\n}\n`,
      stderr: '',
    });
  });

  test.each(['plan resume deploy', 'plan start deploy', 'plan stop deploy', 'update resume'])(
    '%s that has no effect is an error with the sentence of the 2.x CLI',
    async (line) => {
      const already = { status: 208, body: 'Command has already been reported or completed' };
      for (const command of ['continue', 'start', 'stop']) api.answer(`${plans}/deploy/${command}`, already);
      expect(await warden(line)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: 'Cannot execute command. Command has already been issued or the plan has completed\n',
      });
    },
  );

  test('answers 3 with the reason of the API for what is not there', async () => {
    api.answer(`${plans}/bakup/continue`, problemAnswer(404, 'not-found', 'Plan bakup not found'));
    expect(await warden('plan resume bakup')).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'Plan bakup not found\nThe service is named kafka here; choose another one with --name.\n',
    });
    api.answer(`${plans}/deploy/interrupt?phase=brokr`, problemAnswer(404, 'not-found', 'Phase brokr not found'));
    const outcome = await warden('plan pause deploy brokr');
    expect([outcome.exitCode, outcome.stderr]).toEqual([3, expect.stringContaining('Phase brokr not found')]);
  });

  test.each(['plan force-complete deploy', 'plan force deploy broker'])(
    '%s is refused before anything is sent: it would complete more than a step',
    async (line) => {
      expect(await warden(line)).toEqual({
        exitCode: 2,
        stdout: '',
        stderr:
          '`plan force-complete` wants the phase and the step that it is for.\n`warden plan status deploy` shows them.\n',
      });
      expect(api.seen).toEqual([]);
    },
  );

  test.each(['plan pause deploy broker kafka-0:[broker]', 'update pause broker', 'update force-complete broker'])(
    '%s is refused as usage',
    async (line) => {
      expect((await warden(line)).exitCode).toBe(2);
      expect(api.seen).toEqual([]);
    },
  );
});

test.each([
  ['plan', 'restart', ''],
  ['plan', 'restart', 'deploy', ''],
  ['plan', 'force-complete', 'deploy', 'broker', ' '],
  ['plan', 'pause', 'deploy', ' '],
  ['update', 'restart', ' '],
  ['update', 'restart', 'broker', ''],
  ['plan', 'start', ' '],
  ['plan', 'stop', ''],
  ['plan', 'status', ' '],
])('a name that is blank is refused before anything is sent: %j %j %j %j %j', async (...words) => {
  const outcome = await runLine(words, { env: { WARDEN_URL: api.url } });
  expect([outcome.exitCode, outcome.stderr]).toEqual([2, expect.stringContaining('It must not be blank.')]);
  expect(api.seen).toEqual([]);
});

describe('plan start and plan stop', () => {
  test('print the answer of the API', async () => {
    const started = 'Received cmd: start deploy with parameters: {}';
    api.answer(`${plans}/deploy/start`, noted(started));
    api.answer(`${plans}/deploy/stop`, noted('Received cmd: stop'));
    expect((await warden('plan start deploy')).stdout).toBe(`{\n  "message": "${started}"\n}\n`);
    expect((await warden('plan stop deploy')).stdout).toBe('{\n  "message": "Received cmd: stop"\n}\n');
    expect(api.seen).toEqual([{ request: `${plans}/deploy/start`, body: {} }, { request: `${plans}/deploy/stop` }]);
  });

  test('send parameters, which may hold further equals signs', async () => {
    const refused = problemAnswer(400, 'bad-request', 'Plans take no parameters');
    api.answer(`${plans}/deploy/start`, refused);
    const outcome = await warden('plan start deploy -p A=1 --params URL=http://a?b=c');
    expect(api.seen).toEqual([{ request: `${plans}/deploy/start`, body: { A: '1', URL: 'http://a?b=c' } }]);
    expect(outcome).toEqual({ exitCode: 1, stdout: '', stderr: 'Plans take no parameters\n' });
  });

  test('refuse a parameter without a value, and a missing plan', async () => {
    const outcome = await warden('plan start deploy -p A');
    expect([outcome.exitCode, outcome.stderr]).toEqual([
      2,
      expect.stringContaining('Must have one variable name and one variable value per definition.'),
    ]);
    expect((await warden('plan start')).exitCode).toBe(2);
    expect((await warden('plan stop')).exitCode).toBe(2);
    expect(api.seen).toEqual([]);
  });

  test('start prints the plan of a preview that it has applied', async () => {
    api.answer(`${plans}/p-1/start`, { status: 202, body: { name: 'kafka', planId: 'p-1' } });
    expect(JSON.parse((await warden('plan start p-1')).stdout)).toEqual({ name: 'kafka', planId: 'p-1' });
  });
});

test.each(['plan status --watch --json', 'plan show deploy --json --watch', 'update status --watch --json'])(
  '%s is refused as usage: a watched plan is drawn',
  async (line) => {
    const outcome = await warden(line);
    expect([outcome.exitCode, outcome.stdout]).toEqual([2, '']);
    expect(outcome.stderr).toContain("option '--watch' cannot be used with option '--json'");
    expect(api.seen).toEqual([]);
  },
);

test('plan active prints the 1.x answer', async () => {
  const stage = { errors: [], phase_count: 2, status: 'Complete' };
  api.answer('GET /service/kafka/v1/plan/status', { status: 200, body: { stage } });
  const outcome = await warden('plan active');
  expect([outcome.exitCode, JSON.parse(outcome.stdout)]).toEqual([0, { stage }]);
});
