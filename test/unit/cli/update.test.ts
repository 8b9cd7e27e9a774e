import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Outcome, runLine, type Surroundings } from './command-line.ts';
import { problemAnswer, type ScriptedApi, serveScript } from './scripted-api.ts';

const planId = '5f1c2a53-6d0c-4c39-9d6b-1f8f4c1a2b3c';
const configId = '72cecf77-dbc5-4ae6-8f91-c88702b9a6a8';
const patch = 'PATCH /service/kafka';
const started = 'Update started. Please use `warden --name=kafka update status` to view progress.\n';
const accepted = { name: 'kafka', planId, configId };

let api: ScriptedApi;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warden-cli-'));
  api = await serveScript();
});

afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

function warden(line: string, surroundings: Surroundings = {}): Promise<Outcome> {
  return runLine(line.split(' '), { workingFolder: folder, env: { WARDEN_URL: api.url }, ...surroundings });
}

function planOf(status: string, errors: readonly string[] = []) {
  const step = { id: 's', name: 'kafka-0:[broker]', message: '', status: 'COMPLETE' };
  const phase = { id: 'b', name: 'broker', steps: [step], strategy: 'serial', status: 'COMPLETE' };
  return { phases: [phase], errors, strategy: 'serial', status };
}

describe('update start', () => {
  beforeEach(() => writeFile(join(folder, 'f.json'), '{"brokers": {"count": 5}}'));

  test('sends the options and prints the sentence of the 2.x CLI', async () => {
    api.answer(patch, { status: 202, body: accepted });
    expect(await warden('update start --options=f.json')).toEqual({ exitCode: 0, stdout: started, stderr: '' });
    expect(api.seen).toEqual([{ request: patch, body: { options: { brokers: { count: 5 } } } }]);
  });

  test('sends --replace and --package-version, and reads options from standard input', async () => {
    api.answer(patch, { status: 202, body: accepted });
    const outcome = await warden('update start --options - --replace --package-version 1.0.0-4.3.1', { input: '{}' });
    expect(outcome.exitCode).toBe(0);
    expect(api.seen).toEqual([{ request: patch, body: { options: {}, replace: true, packageVersion: '1.0.0-4.3.1' } }]);
  });

  test('names the service that is meant in path and sentence', async () => {
    api.answer('PATCH /service/team%2Flogs', { status: 202, body: { ...accepted, name: 'team/logs' } });
    const { stdout } = await warden('--name team/logs update start --package-version 1.0.0-4.3.1');
    expect(stdout).toContain('`warden --name=team/logs update status`');
    expect(api.seen[0]?.body).toEqual({ packageVersion: '1.0.0-4.3.1' });
  });

  test('--json prints the answer instead, with the id of the plan', async () => {
    api.answer(patch, { status: 202, body: accepted });
    const { stdout, stderr } = await warden('update start --options=f.json --json');
    expect([JSON.parse(stdout), stderr]).toEqual([accepted, '']);
  });

  test('says that nothing changes, and answers 0', async () => {
    api.answer(patch, { status: 200, body: { name: 'kafka', planId, unchanged: true } });
    for (const flag of ['', ' --preview', ' --wait']) {
      api.answer(`${patch}?preview=true`, { status: 200, body: { name: 'kafka', planId, unchanged: true } });
      expect(await warden(`update start --options=f.json${flag}`)).toEqual({
        exitCode: 0,
        stdout: 'Nothing changes: kafka has these options already.\n',
        stderr: '',
      });
    }
    expect(api.seen.filter(({ request }) => request.startsWith('GET'))).toEqual([]);
  });

  test.each([
    ['update start', 'Either --options and/or --package-version must be specified\n'],
    ['update start --replace', 'Either --options and/or --package-version must be specified\n'],
    [
      'update start --options=f.json --preview --wait',
      'A preview changes nothing that --wait could wait for.\nGive --wait to `warden update apply`.\n',
    ],
    [
      'update start --options=bad.json',
      'bad.json:2:14 is not JSON: found } where a value belongs\nAn options document looks like {"brokers": {"count": 3}}.\n',
    ],
  ])('%s answers 2 before anything is sent', async (line, stderr) => {
    await writeFile(join(folder, 'bad.json'), '{\n  "brokers": }');
    expect(await warden(line)).toEqual({ exitCode: 2, stdout: '', stderr });
    expect(api.seen).toEqual([]);
  });

  test('--wait shows the plan by its id until it is complete', async () => {
    api.answer(patch, { status: 202, body: accepted });
    api.answer(`GET /service/kafka/v1/plans/${planId}`, { status: 200, body: planOf('COMPLETE') });
    const outcome = await warden('update start --options=f.json --wait');
    expect(outcome).toEqual({
      exitCode: 0,
      stdout: [
        'deploy (serial strategy) (COMPLETE)',
        '└─ broker (serial strategy) (COMPLETE)',
        '   └─ kafka-0:[broker] (COMPLETE)',
        '',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('--wait --json keeps the tree on stderr', async () => {
    api.answer(patch, { status: 202, body: accepted });
    api.answer(`GET /service/kafka/v1/plans/${planId}`, { status: 200, body: planOf('COMPLETE') });
    const { stdout, stderr } = await warden('update start --options=f.json --wait --json');
    expect([JSON.parse(stdout), stderr]).toEqual([accepted, expect.stringContaining('deploy (serial strategy)')]);
  });

  test('--wait answers 124 at its limit, and 1 when the plan has errors', async () => {
    api.answer(patch, { status: 202, body: accepted });
    const reading = `GET /service/kafka/v1/plans/${planId}`;
    api.answer(reading, { status: 202, body: planOf('IN_PROGRESS') });
    const late = await warden('update start --options=f.json --wait --timeout 0s');
    expect([late.exitCode, late.stderr]).toEqual([
      124,
      expect.stringContaining('Plan deploy of kafka was not complete after 0 s.\nIt goes on.'),
    ]);
    api.answer(reading, { status: 417, body: planOf('ERROR', ['the canary was not in sync']) });
    const failed = await warden('update start --options=f.json --wait');
    expect([failed.exitCode, failed.stderr]).toEqual([1, expect.stringContaining('the canary was not in sync')]);
  });

  test("--wait goes on while somebody else's refused update stands in the plan, and names only the plan's own errors", async () => {
    api.answer(patch, { status: 202, body: accepted });
    const reading = `GET /service/kafka/v1/plans/${planId}`;
    const refusal = "Field: 'brokers.mem'; Fatal: false";
    const standing = (status: string, ...own: readonly string[]) => ({
      status: 417,
      body: { ...planOf('ERROR', [refusal, ...own]), refusedUpdate: { errors: [refusal], status }, ownStatus: status },
    });
    api.answer(reading, standing('IN_PROGRESS'));
    expect((await warden('update start --options=f.json --wait --timeout 0s')).exitCode).toBe(124);
    api.answer(reading, standing('COMPLETE'));
    const complete = await warden('update start --options=f.json --wait');
    expect([complete.exitCode, complete.stderr]).toEqual([0, '']);
    expect(complete.stdout).toContain(`Errors:\n- ${refusal}`);
    api.answer(reading, standing('ERROR', 'superseded by plan 7'));
    const failed = await warden('update start --options=f.json --wait');
    expect([failed.exitCode, failed.stderr]).toEqual([1, expect.stringContaining('has errors: superseded by plan 7')]);
  });

  test('--wait draws a plan that takes another one back until its steps are through, and answers 1 then', async () => {
    api.answer(patch, { status: 202, body: accepted });
    const reading = `GET /service/kafka/v1/plans/${planId}`;
    const takesBack = { planId: 'p-1', reason: 'kafka-0 was not in sync within 600 s' };
    const back = (ownStatus: string) => ({
      status: 417,
      body: { ...planOf('ERROR', [`takes back plan p-1: ${takesBack.reason}`]), takesBack, ownStatus },
    });
    api.answer(reading, back('IN_PROGRESS'), back('COMPLETE'));
    const outcome = await warden('update start --options=f.json --wait');
    expect(api.seen.filter(({ request }) => request === reading)).toHaveLength(2);
    expect([outcome.exitCode, outcome.stdout]).toEqual([1, expect.stringContaining('Errors:\n- takes back plan p-1')]);
    expect(outcome.stderr).toBe(
      [
        'Plan deploy of kafka is complete and has taken plan p-1 back: kafka-0 was not in sync within 600 s',
        'The service is as it was before that plan. Mend the cause, then update again.',
        '',
      ].join('\n'),
    );
  });

  test('answers 4 while the service goes away, and 3 when it is not there', async () => {
    api.answer(
      patch,
      problemAnswer(409, 'going-away', 'kafka is being uninstalled'),
      problemAnswer(404, 'not-found', 'There is no service named kafka.'),
    );
    const goingAway = await warden('update start --options=f.json');
    expect([goingAway.exitCode, goingAway.stderr]).toEqual([4, 'kafka is being uninstalled\n']);
    expect((await warden('update start --options=f.json')).exitCode).toBe(3);
  });
});

describe('a refused update', () => {
  const refuse = async (...errors: readonly object[]): Promise<Outcome> => {
    api.answer(patch, problemAnswer(400, 'options-refused', `${errors.length} options are refused`, errors));
    return warden('update start --options -', { input: '{}' });
  };

  test('shows each field with its reason, as the 2.x CLI does', async () => {
    const outcome = await refuse(
      { pointer: '/brokers/count', value: 2, detail: 'Decreasing this value (from 3 to 2) is not supported.' },
      {
        pointer: '/kafka/log_retenton_hours',
        detail: 'there is no such property',
        hint: 'did you mean log_retention_hours?',
      },
    );
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        'Unable to update kafka to requested configuration: options JSON failed validation.',
        '',
        'Field                      Error',
        '-----                      -----',
        '/brokers/count             Decreasing this value (from 3 to 2) is not supported.',
        '/kafka/log_retenton_hours  there is no such property (did you mean log_retention_hours?)',
        '',
      ].join('\n'),
    });
  });

  test('lists the versions that are valid, with the reason', async () => {
    const detail = 'package version 1.0.0-4.1.0 is not supported: it accepts any JSON web token as valid';
    const { stderr } = await refuse({
      ...{ pointer: '/packageVersion', value: '1.0.0-4.1.0', detail },
      ...{ allowed: '1.0.0-3.9.2, 1.0.0-4.3.1', hint: 'choose one of: 1.0.0-3.9.2, 1.0.0-4.3.1' },
    });
    expect(stderr).toBe(
      [
        'Unable to update kafka to requested version: 1.0.0-4.1.0',
        'Valid package versions are:',
        '- 1.0.0-3.9.2',
        '- 1.0.0-4.3.1',
        'Package version 1.0.0-4.1.0 is not supported: it accepts any JSON web token as valid.',
        'Choose one of: 1.0.0-3.9.2, 1.0.0-4.3.1.',
        '',
      ].join('\n'),
    );
  });

  test('says that no version is valid', async () => {
    const { stderr } = await refuse({ pointer: '/packageVersion', value: 'x', detail: 'no other version' });
    expect(stderr).toBe(
      'Unable to update kafka to requested version: x\nNo valid package versions to update to.\nNo other version.\n',
    );
  });

  test('tells a rename from a name that is no name, and each kind of reason from the others', async () => {
    const { stderr } = await refuse(
      { pointer: '/service/name', value: 'logs', detail: 'the name is fixed' },
      { pointer: '/service/name', value: 'kafka', detail: 'the name has its form' },
    );
    expect(stderr).toBe(
      [
        'Could not update service name from "kafka" to "logs".',
        'The service name cannot be changed once installed. Ensure service.name is set to "kafka" in options JSON.',
        '',
        'Unable to update kafka to requested configuration: options JSON failed validation.',
        '',
        'Field          Error',
        '-----          -----',
        '/service/name  the name has its form',
        '',
      ].join('\n'),
    );
  });

  test('that is refused for its body is no matter of options', async () => {
    api.answer(patch, problemAnswer(400, 'bad-request', 'The body has 300000 bytes'));
    const outcome = await warden('update start --options -', { input: '{}' });
    expect([outcome.exitCode, outcome.stderr]).toEqual([1, 'The body has 300000 bytes\n']);
  });
});
