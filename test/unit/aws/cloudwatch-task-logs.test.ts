import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloudwatchTaskLogs } from '../../../lib/aws/cloudwatch-task-logs.ts';
import type { TaskLogs } from '../../../lib/ports/task-logs.ts';
import { createCloud, type RunningCloud } from '../../../local/core/create-cloud.ts';
import { createLogsService } from '../../../local/logs/service.ts';

/** The adapter over the wire, on an endpoint that checks requests and answers by the SDK's own schemas. */
const port = 21_621;
const environment = {
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIA',
  AWS_SECRET_ACCESS_KEY: 'secret',
};
const logGroup = '/warden/brokers';
const task = (id: string) => ({
  service: 'kafka',
  taskArn: `arn:aws:ecs:us-east-1:000000000000:task/Warden/${id}`,
});
const before = { ...process.env };

let folder: string;
let cloud: RunningCloud;
let logs: TaskLogs;

beforeAll(async () => {
  Object.assign(process.env, environment);
  folder = mkdtempSync(join(tmpdir(), 'warden-task-logs-'));
  cloud = await createCloud({
    dataFolder: folder,
    optFolder: join(folder, 'opt'),
    port,
    services: [createLogsService],
    log: () => undefined,
  });
  const client = new CloudWatchLogsClient({});
  const stream = { logGroupName: logGroup, logStreamName: 'kafka/kafka/9781c248-0edd' };
  await client.send(new CreateLogGroupCommand({ logGroupName: logGroup }));
  await client.send(new CreateLogStreamCommand(stream));
  const timestamp = Date.now();
  const logEvents = Array.from({ length: 120 }, (_, index) => ({ timestamp, message: `line ${index + 1}` }));
  await client.send(new PutLogEventsCommand({ ...stream, logEvents }));
  logs = createCloudwatchTaskLogs({ logGroup });
});

afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
});

describe('the end of the log of a task', () => {
  test('is its newest hundred lines, newest last', async () => {
    const lines = await logs.tail(task('9781c248-0edd'));
    expect([lines.length, lines[0], lines[99]]).toEqual([100, 'line 21', 'line 120']);
  });

  test('is empty for a task that wrote nothing', async () => {
    expect(await logs.tail(task('another'))).toEqual([]);
  });

  test('is asked for in vain where nobody answers, and the error says what was asked', async () => {
    const client = new CloudWatchLogsClient({ endpoint: 'http://127.0.0.1:1', maxAttempts: 1 });
    const away = createCloudwatchTaskLogs({ logGroup, client });
    await expect(away.tail(task('9781c248-0edd'))).rejects.toMatchObject({
      ...{ name: 'TaskLogsError', code: 'WARDEN_TASK_LOGS', retriable: true },
      message: expect.stringMatching(/^read kafka\/kafka\/9781c248-0edd: .*ECONNREFUSED/),
    });
  });
});
