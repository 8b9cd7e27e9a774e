import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runningService } from '../api/a-running-service.ts';
import { type ApiServer, type ApiUnderTest, serveApi } from '../api/api-server.ts';
import { type Outcome, runLine } from './command-line.ts';

let api: ApiUnderTest;
let server: ApiServer;

beforeEach(async () => {
  api = await runningService();
  server = await serveApi(api, 's3cret');
});

afterEach(() => server.close());

function warden(line: string): Promise<Outcome> {
  return runLine(line.split(' '), { env: { WARDEN_URL: server.url, WARDEN_TOKEN: 's3cret' } });
}

describe('orphans', () => {
  beforeEach(async () => {
    const since = Date.UTC(2026, 10, 21, 11);
    const found = ['kafka', 'old'].map((service) => ({
      ...{ what: 'volume' as const, id: `vol-of-${service}`, service, nodeId: 1, since },
      ...{ why: 'nobody knows it', remedy: 'look at it' },
    }));
    await api.store.putOrphans({ lookedAt: since, found, more: 3, unread: ['EC2 did not list the volumes'] });
  });

  test('draws a table of all services, and notes what could not be looked at and how many more there are', async () => {
    const { exitCode, stdout, stderr } = await warden('orphans');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ['SERVICE', 'POD', 'WHAT', 'ID'],
      ['kafka', 'kafka-1', 'volume', 'vol-of-kafka'],
      ['old', 'kafka-1', 'volume', 'vol-of-old'],
      [''],
    ]);
    expect(stderr).toBe('EC2 did not list the volumes\nThere are 3 more.\n');
  });

  test('prints the JSON of one service', async () => {
    const { exitCode, stdout } = await warden('orphans --service --json');
    expect([exitCode, JSON.parse(stdout).orphans]).toEqual([0, [expect.objectContaining({ id: 'vol-of-kafka' })]]);
  });
});

describe('pod adopt', () => {
  test('says what goes on; what is under way is an error', async () => {
    expect(await warden('pod adopt kafka-1')).toEqual({
      exitCode: 0,
      stdout: 'kafka-1 is being adopted.\n',
      stderr: '',
    });
    const again = await warden('pod adopt kafka-1');
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('already been issued')]);
  });

  test('answers 3 for a pod that is not there, and 2 without one', async () => {
    const absent = await warden('pod adopt kafka-9');
    expect([absent.exitCode, absent.stderr]).toEqual([
      3,
      expect.stringContaining('has no pod kafka-9; it has kafka-0'),
    ]);
    expect((await warden('pod adopt')).exitCode).toBe(2);
  });
});

describe('pod stop-proven', () => {
  test('names the task that counts as stopped', async () => {
    const seen = { nodeId: 1, taskArn: 'arn:task/1', stoppedReason: 'no reason given' };
    const reason = { type: 'stop not proven', ...seen } as const;
    await api.store.putWait({ service: 'kafka', nodeId: 1, holder: 'h', reason, since: 1 });
    const done = await warden('pod stop-proven kafka-1 arn:task/1');
    expect(done).toEqual({ exitCode: 0, stdout: 'The stop of arn:task/1 counts as proven.\n', stderr: '' });
  });

  test('is refused for a task that nobody waits for, and without one', async () => {
    const refused = await warden('pod stop-proven kafka-1 arn:task/1');
    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('the proof of no stop')]);
    expect((await warden('pod stop-proven kafka-1')).exitCode).toBe(2);
  });
});
