import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Outcome, runLine, type Surroundings } from './command-line.ts';
import { problemAnswer, type ScriptedApi, serveScript } from './scripted-api.ts';

const planId = '5f1c2a53-6d0c-4c39-9d6b-1f8f4c1a2b3c';
const configId = '72cecf77-dbc5-4ae6-8f91-c88702b9a6a8';
const patch = 'PATCH /service/kafka';
const started = 'Update started. Please use `warden --name=kafka update status` to view progress.\n';

let api: ScriptedApi;

beforeEach(async () => {
  api = await serveScript();
});

afterEach(() => api.close());

function warden(line: string, surroundings: Surroundings = {}): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: api.url }, ...surroundings });
}

function planOf(status: string, errors: readonly string[] = []) {
  const step = { id: 's', name: 'kafka-0:[broker]', message: '', status: 'COMPLETE' };
  const phase = { id: 'b', name: 'broker', steps: [step], strategy: 'serial', status: 'COMPLETE' };
  return { phases: [phase], errors, strategy: 'serial', status };
}

describe('update start --preview', () => {
  const pending = { id: 's', name: 'kafka-0:[broker]', message: '', status: 'PENDING' };
  const previewed = {
    planId,
    configId,
    plan: {
      phases: [{ id: 'b', name: 'broker', steps: [pending], strategy: 'serial', status: 'PENDING' }],
      errors: [],
      strategy: 'serial',
      status: 'PENDING',
    },
    nodes: [
      { name: 'controller-0', nodeId: 1000, change: { type: 'none' }, reasons: [] },
      {
        ...{ name: 'kafka-0', nodeId: 0, change: { type: 'restart', reasons: [] } },
        reasons: ['broker.rack is only read when Kafka starts', 'brokers.mem goes from 2048 to 4096'],
      },
    ],
    changes: [
      { pointer: '/brokers/mem', before: 2048, after: 4096 },
      { pointer: '/kafka/compression_type', after: 'zstd' },
      { pointer: '/kafka/log_retention_hours', before: 24 },
    ],
    warnings: ['One broker has no other to take over its partitions'],
  };

  test('prints the plan, what becomes of each node and why, the differences, the warnings, and how to apply it', async () => {
    api.answer(`${patch}?preview=true`, { status: 200, body: previewed });
    expect(await warden('update start --options - --preview', { input: '{}' })).toEqual({
      exitCode: 0,
      stdout: [
        'deploy (serial strategy) (PENDING)',
        '└─ broker (serial strategy) (PENDING)',
        '   └─ kafka-0:[broker] (PENDING)',
        '',
        'Nodes:',
        '- controller-0  none',
        '- kafka-0       restart  broker.rack is only read when Kafka starts',
        '                         brokers.mem goes from 2048 to 4096',
        '',
        'Changes:',
        '- /brokers/mem: 2048 → 4096',
        '- /kafka/compression_type: not set → "zstd"',
        '- /kafka/log_retention_hours: 24 → not set',
        '',
        'Warnings:',
        '- One broker has no other to take over its partitions',
        '',
        `Nothing was changed. Apply it with \`warden --name=kafka update apply ${planId}\`.`,
        '',
      ].join('\n'),
      stderr: '',
    });
    expect(api.seen).toEqual([{ request: `${patch}?preview=true`, body: { options: {} } }]);
  });

  test('--json prints the answer of the API', async () => {
    api.answer(`${patch}?preview=true`, { status: 200, body: previewed });
    const { stdout } = await warden('update start --options - --preview --json', { input: '{}' });
    expect(JSON.parse(stdout)).toEqual(previewed);
  });

  test('is refused as the update would be', async () => {
    const errors = [{ pointer: '/service/name', value: 'logs', detail: 'the name is fixed' }];
    api.answer(`${patch}?preview=true`, problemAnswer(400, 'options-refused', 'One option is refused', errors));
    const outcome = await warden('update start --options - --preview', { input: '{}' });
    expect([outcome.exitCode, outcome.stderr]).toEqual([
      1,
      expect.stringContaining('Could not update service name from "kafka" to "logs".'),
    ]);
  });
});

describe('update apply', () => {
  const reading = `GET /service/kafka/v1/plans/${planId}`;
  const starting = `POST /service/kafka/v1/plans/${planId}/start`;
  const noPlan = problemAnswer(404, 'not-found', `Plan ${planId} not found`);

  test('starts the plan that a preview has shown', async () => {
    api.answer(reading, noPlan);
    api.answer(starting, { status: 202, body: { name: 'kafka', planId } });
    expect(await warden(`update apply ${planId}`)).toEqual({ exitCode: 0, stdout: started, stderr: '' });
  });

  test('--wait shows it until it is complete', async () => {
    api.answer(reading, noPlan, { status: 200, body: planOf('COMPLETE') });
    api.answer(starting, { status: 202, body: { name: 'kafka', planId } });
    const outcome = await warden(`update apply ${planId} --wait`);
    expect([outcome.exitCode, outcome.stdout]).toEqual([0, expect.stringContaining('└─ broker')]);
  });

  test('answers 4 when the service was changed since', async () => {
    api.answer(reading, noPlan);
    api.answer(starting, problemAnswer(409, 'changed-meanwhile', 'kafka has another configuration since'));
    const outcome = await warden(`update apply ${planId}`);
    expect([outcome.exitCode, outcome.stderr]).toEqual([4, 'kafka has another configuration since\n']);
  });

  test('answers 3 for an id that nobody has', async () => {
    api.answer(reading, noPlan);
    api.answer(starting, noPlan);
    expect((await warden(`update apply ${planId}`)).exitCode).toBe(3);
  });

  test('sends nothing for what is a plan already: its steps would be done again', async () => {
    api.answer(reading, { status: 200, body: planOf('COMPLETE') });
    const outcome = await warden(`update apply ${planId}`);
    expect([outcome.exitCode, outcome.stderr]).toEqual([
      1,
      [
        'Cannot execute command. Command has already been issued or the plan has completed',
        `See it with \`warden plan status ${planId} --name=kafka\`.`,
        '',
      ].join('\n'),
    ]);
    expect(api.seen).toEqual([{ request: reading }]);
  });

  test('refuses the name of a plan', async () => {
    const outcome = await warden('update apply deploy');
    expect([outcome.exitCode, outcome.stderr]).toEqual([2, expect.stringContaining('a UUID')]);
    expect(api.seen).toEqual([]);
  });
});

describe('update status', () => {
  test.each(['update status', 'update show'])('%s shows plan deploy', async (line) => {
    api.answer('GET /service/kafka/v1/plans/deploy', { status: 202, body: planOf('IN_PROGRESS') });
    const outcome = await warden(line);
    expect([outcome.exitCode, outcome.stdout.split('\n')[0]]).toEqual([0, 'deploy (serial strategy) (IN_PROGRESS)']);
  });

  test('--json prints the answer, also of a plan with errors, which answers 1', async () => {
    const body = planOf('ERROR', ['refused']);
    api.answer('GET /service/kafka/v1/plans/deploy', { status: 417, body });
    const outcome = await warden('update status --json');
    expect([outcome.exitCode, JSON.parse(outcome.stdout)]).toEqual([1, body]);
  });
});

describe('update package-versions', () => {
  const describing = 'GET /service/kafka/v1/describe';
  const description = { package: { name: 'kafka', version: '1.0.0-4.1.2' }, configId, resolvedOptions: {} };

  test('lists what the service can be brought to', async () => {
    const body = { ...description, downgradesTo: ['1.0.0-3.9.2'], upgradesTo: ['1.0.0-4.3.1', '1.0.0-4.4.0'] };
    api.answer(describing, { status: 200, body });
    expect((await warden('update package-versions')).stdout).toBe(
      [
        'Current package version is: 1.0.0-4.1.2',
        'Package can be downgraded to:',
        '- 1.0.0-3.9.2',
        'Package can be upgraded to:',
        '- 1.0.0-4.3.1',
        '- 1.0.0-4.4.0',
        '',
      ].join('\n'),
    );
  });

  test('says that there are none', async () => {
    api.answer(describing, { status: 200, body: { ...description, downgradesTo: [], upgradesTo: [] } });
    expect((await warden('update package-versions')).stdout).toBe(
      [
        'Current package version is: 1.0.0-4.1.2',
        'No valid package downgrade versions.',
        'No valid package upgrade versions.',
        '',
      ].join('\n'),
    );
  });
});
