import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hostsSchema } from '../../../lib/contract/host-schemas.ts';
import type { TaskSeen } from '../../../lib/model/state.ts';
import { runningService } from '../api/a-running-service.ts';
import { type ApiServer, type ApiUnderTest, serveApi } from '../api/api-server.ts';
import { type Outcome, runLine } from './command-line.ts';

let api: ApiUnderTest;
let server: ApiServer;

beforeEach(async () => {
  api = await runningService({ brokers: { count: 1 }, controllers: { count: 1 } });
  server = await serveApi(api, 's3cret');
  for (const nodeId of [0, 1000]) {
    const seen = { service: 'kafka', nodeId, taskArn: `arn:task/${nodeId}`, purpose: 'node', attempt: 1, version: 2 };
    await api.store.putSeen({ ...seen, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' } as TaskSeen);
  }
  await api.store.putHostSeen({ service: 'kafka', instanceId: 'i-1', status: 'ACTIVE' });
});

afterEach(() => server.close());

function warden(line: string): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: server.url, WARDEN_TOKEN: 's3cret' } });
}

describe('host list', () => {
  test('draws the hosts with the nodes of all services', async () => {
    const { stdout } = await warden('host list');
    const [head, line] = stdout.split('\n').map((text) => text.split(/ {2,}/));
    expect(head).toEqual(['HOST', 'ZONE', 'STATUS', 'AGENT', 'SINCE', 'NODES', 'FENCED BY']);
    expect(line).toEqual([
      'i-1',
      'a',
      'ACTIVE',
      'connected',
      '-',
      'kafka/kafka-0 (alive), kafka/controller-0 (alive)',
      '-',
    ]);
  });

  test('names a host that EC2 refuses to end', async () => {
    await warden('host fence i-1 --force');
    const [fence] = (await api.store.readService('kafka'))?.fences ?? [];
    if (fence === undefined) throw new Error('the fence is not stored');
    const at = Date.parse('2026-11-22T10:00:00.000Z');
    await api.store.noteFence({ ...fence, refused: { at, why: 'OperationNotPermitted: protected' } });
    const { exitCode, stdout, stderr } = await warden('host list');
    expect([exitCode, stderr]).toEqual([
      0,
      'EC2 refused to terminate i-1 at 2026-11-22T10:00:00.000Z: OperationNotPermitted: protected. It is asked again every five minutes.\n',
    ]);
    expect(stdout.split('\n')[1]).toMatch(/ {2}\S+ \(refused by EC2\)$/);
  });

  test('prints the answer of the API', async () => {
    const { hosts } = hostsSchema.parse(JSON.parse((await warden('host list --json')).stdout));
    expect(hosts.map(({ instanceId }) => instanceId)).toEqual(['i-1']);
  });
});

describe('host fence', () => {
  test('is refused while nodes live there, and taken by force', async () => {
    const refused = await warden('host fence i-1');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain('kafka/kafka-0, kafka/controller-0 run on i-1');
    const forced = await warden('host fence i-1 --force');
    expect([forced.exitCode, forced.stdout]).toEqual([
      0,
      'i-1 is being terminated; its nodes move once EC2 says that it has ended.\n',
    ]);
    expect((await api.store.readService('kafka'))?.fences).toMatchObject([{ instanceId: 'i-1', force: true }]);
  });

  test('of an unknown host fails', async () => {
    const outcome = await warden('host fence i-9');
    expect(outcome.exitCode).not.toBe(0);
    expect(outcome.stderr).toContain('nodes are on i-1');
  });
});
