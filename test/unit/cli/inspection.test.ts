import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiServer, type ApiUnderTest, createApiUnderTest, serveApi } from '../api/api-server.ts';
import { type Outcome, runLine } from './command-line.ts';

let api: ApiUnderTest;
let server: ApiServer;

beforeEach(async () => {
  api = createApiUnderTest();
  server = await serveApi(api, 's3cret');
});

afterEach(() => server.close());

function warden(line: string): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: server.url, WARDEN_TOKEN: 's3cret' } });
}

const install = () => warden('package install kafka');
const targetId = async () => (await api.store.readService('kafka'))?.target.configId ?? '';

describe.each(['config', 'debug config'])('%s', (config) => {
  beforeEach(install);

  test('lists the ids and tells the target by its id', async () => {
    const id = await targetId();
    for (const command of ['list', 'target_id']) {
      const outcome = await warden(`${config} ${command}`);
      expect([outcome.exitCode, JSON.parse(outcome.stdout)]).toEqual([0, [id]]);
    }
  });

  test('shows the target, and the same by its id', async () => {
    const target = await warden(`${config} target`);
    const shown = await warden(`${config} show ${await targetId()} --name=kafka`);
    expect(JSON.parse(target.stdout).serviceConfiguration.count).toBe(3);
    expect(shown).toEqual(target);
  });

  test('answers 3 for a configuration that is not there, 1 for what is no id, 2 without one', async () => {
    const unknown = await warden(`${config} show 319ebe89-42e2-40e2-9169-8568e2421023`);
    expect([unknown.exitCode, unknown.stdout]).toEqual([3, '']);
    const malformed = await warden(`${config} show latest`);
    expect([malformed.exitCode, malformed.stderr]).toEqual([1, expect.stringContaining('which is a UUID')]);
    expect((await warden(`${config} show`)).exitCode).toBe(2);
  });
});

describe.each(['state', 'debug state'])('%s', (state) => {
  beforeEach(install);

  test('tells the cluster id, the facts and each of them', async () => {
    const clusterId = (await api.store.readService('kafka'))?.target.clusterId;
    expect(JSON.parse((await warden(`${state} framework_id`)).stdout)).toEqual([clusterId]);
    expect(JSON.parse((await warden(`${state} properties`)).stdout)).toContain('cluster-id');
    expect(JSON.parse((await warden(`${state} property cluster-id`)).stdout)).toBe(clusterId);
    expect(JSON.parse((await warden(`${state} zones`)).stdout)).toEqual({});
  });

  test('answers 3 for a fact that is not there, and 1 with the reason for what is not done', async () => {
    expect((await warden(`${state} property token`)).exitCode).toBe(3);
    const refused = await warden(`${state} refresh_cache`);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('There is no cache to refresh');
  });
});

describe('health', () => {
  test('prints number and reasons, of the service or of the deployment', async () => {
    await install();
    const ofService = await warden('health');
    expect([ofService.exitCode, JSON.parse(ofService.stdout).value]).toEqual([0, 204]);
    const verbose = await warden('health --verbose');
    expect(JSON.parse(verbose.stdout).reasons).toContain('no event got lost');
    const ofDeployment = await warden('health --deployment');
    expect(JSON.parse(ofDeployment.stdout)).toMatchObject({ value: 204, services: [{ name: 'kafka', value: 204 }] });
  });

  test('prints the reasons and answers 1 when a plan has errors', async () => {
    await install();
    const planId = (await api.store.readService('kafka'))?.wish.planId ?? '';
    await api.store.putRun('kafka', { planId, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 1 });
    const outcome = await warden('health');
    expect([outcome.exitCode, JSON.parse(outcome.stdout).value, outcome.stderr]).toEqual([
      1,
      500,
      'The health is 500.\n',
    ]);
  });

  test('answers 3 for a service that is not there, and 5 when the API does not answer', async () => {
    expect((await warden('health --name=logs')).exitCode).toBe(3);
    const { store } = createApiUnderTest();
    await server.close();
    const lost = Object.assign(new Error('away'), { name: 'StoreError', code: 'WARDEN_STORE', retriable: true });
    api = createApiUnderTest({ store: { ...store, readService: () => Promise.reject(lost) } });
    server = await serveApi(api, 's3cret');
    const outcome = await warden('health');
    expect([outcome.exitCode, outcome.stdout]).toEqual([5, '']);
    expect(outcome.stderr).toContain('StoreError: away');
  });
});

describe('admin', () => {
  test('allow-destroy answers 4 while a service exists, and changes nothing', async () => {
    await install();
    const outcome = await warden('admin allow-destroy');
    expect([outcome.exitCode, outcome.stdout]).toEqual([4, '']);
    expect(outcome.stderr).toContain('service kafka exists');
    expect(await api.deployment.isProtected()).toBe(true);
  });

  test('allow-destroy bars installs, and forbid-destroy opens them', async () => {
    expect(JSON.parse((await warden('admin allow-destroy')).stdout).terminationProtection).toBe(false);
    const barred = await install();
    expect([barred.exitCode, barred.stderr]).toEqual([4, expect.stringContaining('Installs are barred since')]);
    expect(JSON.parse((await warden('admin forbid-destroy')).stdout).installs).toBe('open');
    expect((await install()).exitCode).toBe(0);
  });
});

test('service list has a short spelling', async () => {
  await install();
  const long = await warden('service list');
  expect(long.stdout).toContain('kafka');
  expect(await warden('services')).toEqual(long);
});

const helped = [
  ...['config', 'debug', 'state', 'health', 'admin', 'services', 'operations', 'update', 'update start'],
  ...['update apply', 'update status', 'update package-versions', 'update pause', 'update resume'],
  ...['update force-restart', 'update force-complete', 'plan', 'plan list', 'plan status', 'plan active', 'plan start'],
  ...['package', 'package install', 'package uninstall', 'broker', 'connection', 'endpoints', 'describe', 'drift'],
  ...['plan stop', 'plan pause', 'plan resume', 'plan force-restart', 'plan force-complete'],
];

test.each(helped)('%s --help shows an example', async (command) => {
  const outcome = await warden(`${command} --help`);
  expect([outcome.exitCode, outcome.stdout]).toEqual([0, expect.stringContaining('\nExample:\n  $ warden ')]);
});

test.each(['plan pause', 'plan resume', 'plan force-restart', 'plan force-complete'])(
  '%s --help says what it means without a plan',
  async (command) => {
    const words = (await warden(`${command} --help`)).stdout.replaceAll(/\s+/g, ' ');
    expect(words).toContain('Without a plan: the 1.x form, for the whole deploy plan, with its JSON answer');
  },
);
