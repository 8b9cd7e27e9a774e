import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMemoryStore } from '../../support/memory-store.ts';
import { type ApiServer, type ApiUnderTest, createApiUnderTest, serveApi } from '../api/api-server.ts';
import { type Outcome, runLine, type Surroundings } from './command-line.ts';
import { finishAll, instantRunner } from './finished-plans.ts';

let api: ApiUnderTest;
let server: ApiServer;
let folder: string;

async function start(under: ApiUnderTest): Promise<void> {
  api = under;
  server = await serveApi(api, 's3cret');
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warden-cli-'));
  await start(createApiUnderTest());
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function warden(line: string, surroundings: Surroundings = {}): Promise<Outcome> {
  const env = { WARDEN_URL: server.url, WARDEN_TOKEN: 's3cret', ...surroundings.env };
  return runLine(line.split(' '), { workingFolder: folder, ...surroundings, env });
}

async function startInstant(): Promise<void> {
  await server.close();
  const store = createMemoryStore();
  await start(createApiUnderTest({ store, planRunner: instantRunner(store) }));
}

describe('package install', () => {
  test('prints the accepted plan as data and the next step beside it', async () => {
    await writeFile(join(folder, 'f.json'), '{"service": {"name": "logs"}, "brokers": {"count": 1}}');
    const outcome = await warden('package install --options=f.json kafka');
    expect(outcome.exitCode).toBe(0);
    expect(JSON.parse(outcome.stdout)).toEqual({
      name: 'logs',
      planId: expect.any(String),
      configId: expect.any(String),
    });
    expect(outcome.stderr).toBe('Installing logs. Watch it with `warden plan status deploy --watch --name=logs`\n');
    expect((await api.store.readService('logs'))?.target.brokerIds).toEqual([0]);
  });

  test('reads options from standard input', async () => {
    const outcome = await warden('package install kafka --options=-', { input: '{"service": {"name": "piped"}}' });
    expect(JSON.parse(outcome.stdout).name).toBe('piped');
  });

  test('shows each refused field with its reason and hint', async () => {
    await writeFile(join(folder, 'f.json'), '{"brokers": {"count": 0}, "kafka": {"log_retenton_hours": 1}}');
    const outcome = await warden('package install kafka --options=f.json');
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        '2 options are refused; nothing was changed.',
        '',
        'Field                      Error',
        '/brokers/count             Broker count must be from 1 to 100, not 0 (choose a number that is allowed, or leave it out for 3)',
        '/kafka/log_retenton_hours  this version of Kafka has no property log.retenton.hours (did you mean kafka.log_retention_hours?)',
        '',
      ].join('\n'),
    });
  });

  test('with --wait shows the tree on stderr until the plan is complete', async () => {
    await startInstant();
    const outcome = await warden('package install kafka --wait');
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).toContain(
      'deploy (serial strategy) (COMPLETE)\n├─ controller (serial strategy) (COMPLETE)\n',
    );
    expect(Object.keys(JSON.parse(outcome.stdout))).toEqual(['name', 'planId', 'configId']);
  });

  test('with --wait gives up at the time limit with 124, and says that the plan goes on', async () => {
    const outcome = await warden('package install kafka --wait --timeout 0s');
    expect(outcome.exitCode).toBe(124);
    expect(outcome.stderr).toContain('Plan deploy of kafka was not complete after 0 s.\nIt goes on.');
  });

  test('with --wait ends with 130 on Ctrl-C', async () => {
    const interruption = new AbortController();
    const onPrint = () => interruption.abort();
    const outcome = await warden('package install kafka --wait', { interruption, onPrint });
    expect(outcome.exitCode).toBe(130);
    expect(outcome.stderr).toContain('Interrupted. A plan that was started goes on.');
  });

  test('answers 4 for a name that is taken', async () => {
    await warden('package install kafka');
    const outcome = await warden('package install kafka');
    expect(outcome.exitCode).toBe(4);
    expect(outcome.stderr).toContain('A service named kafka exists.');
  });

  test.each([
    ['package install mysql', 'Allowed choices are kafka'],
    ['package install kafka --options=missing.json', 'The options cannot be read: ENOENT'],
    ['package install kafka --timeout 20', 'It must be like 90s, 20m or 1h30m.'],
    ['package instal', '(Did you mean install?)'],
    ['plan status --colour', "unknown option '--colour'"],
  ])('answers 2 for %s', async (line, reason) => {
    const outcome = await warden(line);
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain(reason);
  });

  test('answers 2 for options that are no JSON', async () => {
    await writeFile(join(folder, 'f.json'), '{brokers: 3}');
    const outcome = await warden('package install kafka --options=f.json');
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toBe(
      [
        'f.json:1:2 is not JSON: found b where a name in double quotes, or } belongs',
        'An options document looks like {"brokers": {"count": 3}}.',
        '',
      ].join('\n'),
    );
  });
});

describe('package uninstall', () => {
  beforeEach(async () => {
    await startInstant();
    await warden('package install kafka');
  });

  test('wants --yes in a script', async () => {
    const outcome = await warden('package uninstall kafka --app-id=kafka');
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toBe('An uninstall wants confirmation.\nGive --yes in scripts.\n');
    expect((await api.store.readService('kafka'))?.wish.uninstall).toBeUndefined();
  });

  test('goes on when a person types the name', async () => {
    const outcome = await warden('package uninstall kafka', { input: 'kafka\n', isTerminal: true });
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).toContain('Its volumes are deleted, and all data with them.');
    expect((await api.store.readService('kafka'))?.wish.uninstall).toEqual({ keepVolumes: false });
  });

  test('does nothing when a person types something else', async () => {
    const outcome = await warden('package uninstall kafka', { input: 'yes\n', isTerminal: true });
    expect(outcome.exitCode).toBe(2);
    expect((await api.store.readService('kafka'))?.wish.uninstall).toBeUndefined();
  });

  test('keeps volumes when asked, and waits', async () => {
    const outcome = await warden('package uninstall kafka --app-id=/kafka --keep-volumes --yes --wait');
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).toContain('uninstall-broker (parallel strategy) (COMPLETE)');
    expect(JSON.parse(outcome.stdout).name).toBe('kafka');
    expect((await api.store.readService('kafka'))?.wish.uninstall).toEqual({ keepVolumes: true });
  });

  test('answers 3 for a service that is not there', async () => {
    const outcome = await warden('package uninstall --name other --yes');
    expect(outcome.exitCode).toBe(3);
    expect(outcome.stderr).toContain('There is no service named other.');
  });
});

describe('questions', () => {
  beforeEach(() => warden('package install kafka'));

  test('plan list prints the names', async () => {
    expect(await warden('plan list')).toEqual({ exitCode: 0, stdout: '[\n  "deploy"\n]\n', stderr: '' });
  });

  test.each(['plan status deploy', 'plan show', 'plans status'])('%s prints the tree', async (line) => {
    const outcome = await warden(line);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toBe(
      [
        'deploy (serial strategy) (PENDING)',
        '├─ controller (serial strategy) (PENDING)',
        '│  ├─ controller-0:[controller] (PENDING)',
        '│  ├─ controller-1:[controller] (PENDING)',
        '│  └─ controller-2:[controller] (PENDING)',
        '└─ broker (serial strategy) (PENDING)',
        '   ├─ kafka-0:[broker] (PENDING)',
        '   ├─ kafka-1:[broker] (PENDING)',
        '   └─ kafka-2:[broker] (PENDING)',
        '',
      ].join('\n'),
    );
  });

  test('plan status --json prints the answer of the API', async () => {
    const outcome = await warden('plan status deploy --json');
    expect(Object.keys(JSON.parse(outcome.stdout))).toEqual(['phases', 'errors', 'strategy', 'status']);
  });

  test('plan status prints a plan with errors and answers 1', async () => {
    const planId = (await api.store.readService('kafka'))?.wish.planId ?? '';
    await api.store.putRun('kafka', { planId, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 1 });
    const outcome = await warden('plan status deploy');
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain('\n\nErrors:\n- run 1 of the plan failed: States.Runtime');
  });

  test('plan status --watch ends when the plan is complete', async () => {
    await finishAll(api.store, 'kafka');
    const outcome = await warden('plan status deploy --watch');
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stdout).toContain('deploy (serial strategy) (COMPLETE)');
  });

  test('plan status answers 3 for a plan that is not there', async () => {
    const outcome = await warden('plan status decommission');
    expect(outcome.exitCode).toBe(3);
    expect(outcome.stderr).toContain('Plan decommission not found');
  });

  test.each([
    ['connection', { address: [], dns: [], controller: [] }],
    ['endpoints', ['broker', 'controller']],
    ['endpoints broker', { address: [], dns: [] }],
    ['broker list', []],
  ])('%s prints JSON', async (line, expected) => {
    const outcome = await warden(line);
    expect([outcome.exitCode, JSON.parse(outcome.stdout)]).toEqual([0, expected]);
  });

  test('describe prints options that an install takes again', async () => {
    const options = (await warden('describe')).stdout;
    const other = options.replace('"name": "kafka"', '"name": "again"').replace('9092', '0').replace('9093', '0');
    const outcome = await warden('package install kafka --options=stdin', { input: other });
    expect(outcome.exitCode).toBe(0);
  });

  test('service list prints a table, or JSON', async () => {
    expect((await warden('service list')).stdout).toBe(
      [
        'NAME   STATUS     VERSION      BROKERS  CONTROLLERS  CREATED',
        'kafka  DEPLOYING  1.0.0-4.3.1  3        3            2026-11-21T12:00:00.000Z',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await warden('service list --json')).stdout)).toHaveLength(1);
  });

  test('answers 3 for another service, and says how to choose one', async () => {
    const outcome = await warden('connection --name=other');
    expect(outcome.exitCode).toBe(3);
    expect(outcome.stderr).toContain('--name');
  });

  test('-v prints requests to stderr, never the token', async () => {
    const outcome = await warden('-v plan list');
    expect(outcome.stderr).toBe(`> GET ${server.url}/service/kafka/v1/plans\n< 200 application/json\n`);
  });
});

describe('the API', () => {
  test('that does not know the token makes the command end with 5', async () => {
    const outcome = await warden('plan list', { env: { WARDEN_TOKEN: 'wrong' } });
    expect(outcome).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: `${server.url} does not know this token.\nGive --token or set WARDEN_TOKEN.\n`,
    });
  });

  test('that does not answer makes the command end with 5', async () => {
    const { url } = server;
    const outcome = await warden('plan list --url http://127.0.0.1:1');
    expect(url).not.toBe('http://127.0.0.1:1');
    expect(outcome.exitCode).toBe(5);
    expect(outcome.stderr).toContain('http://127.0.0.1:1 cannot be reached: ');
  });
});

test('help and version answer 0', async () => {
  expect((await warden('--help')).exitCode).toBe(0);
  expect(await warden('--version')).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
});
