import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { compileFilterPattern } from '../../../../local/logs/filter-pattern.ts';
import { LogFile } from '../../../../local/logs/log-file.ts';
import { createLogsService } from '../../../../local/logs/service.ts';
import { newFolder, removeFolder, type SmallCloud, startSmallCloud } from '../lambda/small-cloud.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;
const folder = newFolder();
let now = NOON;
let small: SmallCloud;

// biome-ignore lint/suspicious/noExplicitAny: the answers are checked member by member below
const call = (operation: string, input: object): Promise<any> => small.cloud.call('logs', operation, input);
const start = async (): Promise<void> => {
  small = await startSmallCloud({ folder, port: 21_430, services: [(cloud) => createLogsService(cloud, () => now)] });
};

async function fill(logGroupName: string, logStreamName: string, messages: readonly string[]): Promise<void> {
  const logEvents = messages.map((message, i) => ({ timestamp: NOON + i, message }));
  await call('CreateLogStream', { logGroupName, logStreamName });
  await call('PutLogEvents', { logGroupName, logStreamName, logEvents });
}

beforeAll(start);

afterAll(async () => {
  await small.close();
  removeFolder(folder);
});

describe('a log group', () => {
  test('is described with its retention and its ARNs', async () => {
    await call('CreateLogGroup', { logGroupName: '/a/b', tags: { k: 'v' } });
    await call('PutRetentionPolicy', { logGroupName: '/a/b', retentionInDays: 7 });
    const { logGroups } = await call('DescribeLogGroups', { logGroupNamePrefix: '/a' });
    expect(logGroups).toEqual([
      expect.objectContaining({
        logGroupName: '/a/b',
        retentionInDays: 7,
        creationTime: NOON,
        storedBytes: 0,
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/a/b:*',
        logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/a/b',
      }),
    ]);
    const resourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/a/b';
    expect(await call('ListTagsForResource', { resourceArn })).toEqual({ tags: { k: 'v' } });
  });

  test('exists once, and only with a name and a retention that CloudWatch takes', async () => {
    await call('CreateLogGroup', { logGroupName: 'once' });
    await expect(call('CreateLogGroup', { logGroupName: 'once' })).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    await expect(call('CreateLogGroup', { logGroupName: 'a b' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(call('CreateLogGroup', { logGroupName: 'k', kmsKeyId: 'x' })).rejects.toThrow(/kmsKeyId/);
    await expect(call('PutRetentionPolicy', { logGroupName: 'once', retentionInDays: 2 })).rejects.toThrow(
      /one of 1, 3, 5/,
    );
  });

  test('takes its streams with it', async () => {
    await call('CreateLogGroup', { logGroupName: 'gone' });
    await fill('gone', 's', ['a']);
    await call('DeleteLogGroup', { logGroupName: 'gone' });
    await call('CreateLogGroup', { logGroupName: 'gone' });
    expect((await call('DescribeLogStreams', { logGroupName: 'gone' })).logStreams).toEqual([]);
    await fill('gone', 's', ['b']);
    const { events } = await call('GetLogEvents', { logGroupName: 'gone', logStreamName: 's' });
    expect(events.map((event: { message: string }) => event.message)).toEqual(['b']);
  });
});

describe('the events of a stream', () => {
  test('are read in pages forward and backward', async () => {
    await call('CreateLogGroup', { logGroupName: 'pages' });
    await fill('pages', 's', ['1', '2', '3', '4', '5']);
    const read = async (more: object): Promise<{ said: string; forward: string; backward: string }> => {
      const answer = await call('GetLogEvents', { logGroupName: 'pages', logStreamName: 's', limit: 2, ...more });
      const said = answer.events.map((event: { message: string }) => event.message).join('');
      return { said, forward: answer.nextForwardToken, backward: answer.nextBackwardToken };
    };
    const first = await read({ startFromHead: true });
    const second = await read({ nextToken: first.forward });
    const third = await read({ nextToken: second.forward });
    const end = await read({ nextToken: third.forward });
    expect([first.said, second.said, third.said, end.said]).toEqual(['12', '34', '5', '']);
    expect(end.forward).toBe(third.forward);
    expect((await read({})).said).toBe('45');
    expect((await read({ nextToken: third.backward })).said).toBe('34');
  });

  test('come back in a span of time, its end excluded', async () => {
    const span = { startTime: NOON + 1, endTime: NOON + 3 };
    const { events } = await call('GetLogEvents', { logGroupName: 'pages', logStreamName: 's', ...span });
    expect(events).toEqual([
      { timestamp: NOON + 1, message: '2', ingestionTime: NOON },
      { timestamp: NOON + 2, message: '3', ingestionTime: NOON },
    ]);
  });

  test('must come in order, and neither too old nor too new', async () => {
    const put = (timestamps: readonly number[]): Promise<unknown> =>
      call('PutLogEvents', {
        logGroupName: 'pages',
        logStreamName: 'old',
        logEvents: timestamps.map((timestamp) => ({ timestamp, message: 'm' })),
      });
    await call('CreateLogStream', { logGroupName: 'pages', logStreamName: 'old' });
    await expect(put([NOON, NOON - 1])).rejects.toThrow(/chronological order/);
    expect(await put([NOON - 15 * DAY_MS, NOON, NOON + DAY_MS])).toMatchObject({
      rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 },
    });
    const { events } = await call('GetLogEvents', { logGroupName: 'pages', logStreamName: 'old' });
    expect(events).toHaveLength(1);
  });

  test('are found over the streams of a group by terms', async () => {
    await call('CreateLogGroup', { logGroupName: 'find' });
    await fill('find', 'a', ['ERROR one', 'fine']);
    await fill('find', 'b', ['fine', 'ERROR two']);
    const found = await call('FilterLogEvents', { logGroupName: 'find', filterPattern: 'ERROR', limit: 1 });
    expect(found.events[0]).toMatchObject({ logStreamName: 'a', message: 'ERROR one' });
    const rest = await call('FilterLogEvents', {
      logGroupName: 'find',
      filterPattern: 'ERROR',
      nextToken: found.nextToken,
    });
    expect(rest.events.map((event: { message: string }) => event.message)).toEqual(['ERROR two']);
    expect(rest.nextToken).toBeUndefined();
  });

  test('are there after a restart, until their retention ends', async () => {
    await call('CreateLogGroup', { logGroupName: 'kept' });
    await call('PutRetentionPolicy', { logGroupName: 'kept', retentionInDays: 1 });
    await fill('kept', 's', ['a']);
    await small.close();
    await start();
    expect((await call('FilterLogEvents', { logGroupName: 'kept' })).events).toHaveLength(1);
    now = NOON + DAY_MS + 1;
    expect((await call('FilterLogEvents', { logGroupName: 'kept' })).events).toHaveLength(0);
    now = NOON;
  });

  test('need a stream that is there', async () => {
    const missing = { logGroupName: 'find', logStreamName: 'no' };
    await expect(
      call('PutLogEvents', { ...missing, logEvents: [{ timestamp: NOON, message: 'x' }] }),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('the file of a stream', () => {
  const own = mkdtempSync(join(tmpdir(), 'log-file-'));
  afterAll(() => rmSync(own, { recursive: true }));

  test('keeps its size: the current part becomes the older one, and the oldest goes', () => {
    const file = new LogFile(join(own, 'bounded.log'), 10);
    for (const message of ['one', 'two', 'three', 'four']) file.append([{ timestamp: 1, message }], 1);
    expect(file.read().map(({ message }) => message)).toEqual(['three', 'four']);
    expect(readdirSync(own).sort()).toEqual(['bounded.log', 'bounded.log.older']);
  });

  test('loses only the line that a crash cut off, and counts on', () => {
    const path = join(own, 'torn.log');
    new LogFile(path, 1000).append([{ timestamp: 1, message: 'whole' }], 1);
    appendFileSync(path, '[2,1,1,"tor');
    const file = new LogFile(path, 1000);
    file.append([{ timestamp: 1, message: 'next' }], 1);
    expect(file.read().map(({ sequence, message }) => [sequence, message])).toEqual([
      [1, 'whole'],
      [2, 'next'],
    ]);
  });
});

describe('a filter pattern', () => {
  test.each([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['a b', 'b then a', true],
    ['a b', 'a alone', false],
    ['"a b"', 'b then a', false],
    ['"say \\"hi\\""', 'say "hi"', true],
    ['?x ?y', 'only y', true],
    ['?x ?y', 'none', false],
    ['ERROR -retry', 'ERROR in retry', false],
  ])('%s on %s is %s', (pattern, message, expected) => {
    expect(compileFilterPattern(pattern)(message)).toBe(expected);
  });

  test.each(['{ $.level = "ERROR" }', '[a, b]', '%regex%'])('%s is refused', (pattern) => {
    expect(() => compileFilterPattern(pattern)).toThrow(/not JSON, delimited or regular-expression/);
  });
});
