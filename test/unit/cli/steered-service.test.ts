import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runningService } from '../api/a-running-service.ts';
import { type ApiServer, type ApiUnderTest, serveApi } from '../api/api-server.ts';
import { type Outcome, runLine } from './command-line.ts';

// The commands against the functions of the API, so that either side's words are those that the other one expects.

let api: ApiUnderTest;
let server: ApiServer;

beforeEach(async () => {
  api = await runningService();
  server = await serveApi(api, 's3cret');
});

afterEach(() => server.close());

function warden(line: string, input = ''): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: server.url, WARDEN_TOKEN: 's3cret' }, input });
}

const update = (options: object, flags = '') => warden(`update start --options=-${flags}`, JSON.stringify(options));
const wishedPlan = async () => (await api.store.readService('kafka'))?.wish.planId ?? '';

describe('a preview', () => {
  test('says what becomes of each node, and is applied by its id, once', async () => {
    const before = await wishedPlan();
    const previewed = await update({ brokers: { mem: 4096 } }, ' --preview');
    expect([previewed.exitCode, previewed.stderr]).toEqual([0, '']);
    expect(previewed.stdout).toContain('- kafka-0       restart  ');
    expect(previewed.stdout).toContain('- controller-0  none');
    expect(previewed.stdout).toContain('Changes:\n- /brokers/mem: 2048 → 4096\n');
    expect(await wishedPlan()).toBe(before);
    const planId = /update apply (\S+)`/.exec(previewed.stdout)?.[1] ?? '';
    const applied = await warden(`update apply ${planId}`);
    expect([applied.exitCode, await wishedPlan()]).toEqual([0, planId]);
    const again = await warden(`update apply ${planId}`);
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('Command has already been issued')]);
  });

  test('is refused after another change', async () => {
    const previewed = await update({ brokers: { mem: 4096 } }, ' --preview --json');
    await update({ brokers: { cpus: 2 } });
    const other = await wishedPlan();
    const outcome = await warden(`update apply ${JSON.parse(previewed.stdout).planId}`);
    expect([outcome.exitCode, outcome.stderr]).toEqual([4, expect.stringContaining('the service has changed since')]);
    expect(await wishedPlan()).toBe(other);
  });
});

describe('an update', () => {
  test('starts, is shown, and says when it changes nothing', async () => {
    const outcome = await update({ brokers: { mem: 4096 } });
    expect(outcome.stdout).toContain('Update started. Please use `warden --name=kafka update status`');
    expect((await warden('update status')).stdout).toContain('└─ broker (serial strategy) (PENDING)');
    expect((await update({ brokers: { mem: 4096 } })).stdout).toContain('Nothing changes');
  });

  test('that is refused changes nothing, tells every field, and stands in the plan', async () => {
    const before = await wishedPlan();
    const outcome = await update({ service: { name: 'logs' }, brokers: { count: 2, mem: 'much' } });
    expect([outcome.exitCode, outcome.stdout]).toEqual([1, '']);
    expect(outcome.stderr).toContain('Could not update service name from "kafka" to "logs".\n');
    expect(outcome.stderr).toContain(
      'options JSON failed validation.\n\nField           Error\n-----           -----\n',
    );
    expect(outcome.stderr).toContain('\n/brokers/count  brokers.count cannot become less (from 3 to 2)');
    expect(outcome.stderr).toContain('\n/brokers/mem    Memory must be an integer');
    expect(await wishedPlan()).toBe(before);
    const status = await warden('update status');
    expect([status.exitCode, status.stdout]).toEqual([1, expect.stringContaining("Transition: '3' => '2'")]);
  });

  test('to a version that is none lists those that are', async () => {
    const { stderr } = await warden('update start --package-version 9.9.9');
    expect(stderr).toContain('Unable to update kafka to requested version: 9.9.9\nValid package versions are:\n- ');
  });

  test('does not take every option back by --replace alone', async () => {
    const outcome = await warden('update start --package-version 1.0.0-4.3.1 --replace');
    expect([outcome.exitCode, outcome.stderr]).toEqual([1, expect.stringContaining('replace needs options')]);
  });
});

describe('the commands of operators', () => {
  beforeEach(() => update({ service: { phase_strategy: 'STAGE' }, brokers: { mem: 4096 } }));

  test('let a staged update go on, and pause it, in the words of both guides', async () => {
    expect((await warden('plan status')).stdout).toContain('(WAITING)');
    expect((await warden('update resume')).stdout).toBe('"deploy" plan has been resumed.\n');
    expect((await warden('plan interrupt')).stdout).toBe('{\n  "Result": "Received cmd: interrupt"\n}\n');
    expect((await warden('plan continue')).stdout).toBe('{\n  "Result": "Received cmd: continue"\n}\n');
    expect((await warden('plan pause')).exitCode).toBe(0);
    const again = await warden('plan pause deploy');
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      'Cannot execute command. Command has already been issued or the plan has completed\n',
    ]);
    expect(JSON.parse((await warden('plan active')).stdout).stage.status).toBe('Waiting');
  });

  test('act on a step by its name', async () => {
    const outcome = await warden('plan force-complete deploy broker kafka-0:[broker]');
    expect(outcome.stdout).toBe(
      '"deploy" plan: step "kafka-0:[broker]" in phase "broker" has been forced to complete.\n',
    );
    expect((await warden('plan status')).stdout).toContain('kafka-0:[broker] (COMPLETE)');
    const unknown = await warden('plan restart deploy broker kafka-9:[broker]');
    expect([unknown.exitCode, unknown.stderr]).toEqual([3, expect.stringContaining('no step kafka-9:[broker]')]);
  });

  test('stop and start a plan, which takes no parameters', async () => {
    expect(JSON.parse((await warden('plan stop deploy')).stdout)).toEqual({ message: 'Received cmd: stop' });
    const started = { message: 'Received cmd: start deploy with parameters: {}' };
    expect(JSON.parse((await warden('plan start deploy')).stdout)).toEqual(started);
    const outcome = await warden('plan start deploy -p A=1');
    expect([outcome.exitCode, outcome.stderr]).toEqual([1, expect.stringContaining('takes no parameters')]);
  });
});

test('operations tells who asked for what, page by page', async () => {
  await update({ brokers: { mem: 4096 } });
  await update({ brokers: { count: 1 } });
  await warden('plan pause deploy');
  const all = await warden('operations');
  const rows = all.stdout.split('\n').map((line) => line.split(/ {2,}/).slice(1, 3));
  expect(rows.slice(0, 5)).toEqual([
    ['WHO', 'WHAT'],
    ['ann', 'interrupt'],
    ['ann', expect.stringMatching(/^refused update \(.+/)],
    ['ann', 'update (/brokers/mem: 2048 → 4096)'],
    ['ann', 'install'],
  ]);
  const first = await warden('operations --limit 1');
  const next = /`warden (.*)`/.exec(first.stderr)?.[1] ?? '';
  expect((await warden(next)).stdout).toContain('refused update');
});

test('drift prints what others have set at the brokers', async () => {
  const broker = { host: '10.0.0.1', port: 9092, rack: 'a', settled: true, fenced: false };
  api.brokers.push({ ...broker, id: 0 }, { ...broker, id: 1 });
  api.configs.set('', { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' });
  api.configs.set('1', { 'log.cleaner.threads': '4' });
  const outcome = await warden('drift');
  expect([outcome.exitCode, JSON.parse(outcome.stdout)]).toEqual([
    0,
    {
      drift: [{ node: 'kafka-1', resource: 'broker', name: 'log.cleaner.threads', value: '4', expected: '1' }],
      unasked: ['kafka-2'],
    },
  ]);
});
