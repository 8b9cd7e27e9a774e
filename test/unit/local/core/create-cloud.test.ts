import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCloud, type ServiceFactory } from '../../../../local/core/create-cloud.ts';
import type { LocalService } from '../../../../local/core/service.ts';

const PORT = 21070;

let folder: string;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'create-cloud-'));
  told = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function open(services: readonly ServiceFactory[]) {
  return createCloud({ dataFolder: folder, optFolder: folder, port: PORT, services, log: (line) => told.push(line) });
}

function teller(name: LocalService['name'], more: Partial<LocalService> = {}): ServiceFactory {
  return () => ({
    name,
    handlers: {},
    start: () => void told.push(`start ${name}`),
    stop: () => void told.push(`stop ${name}`),
    ...more,
  });
}

describe('a cloud', () => {
  test('starts the table first and stops hosts first, the table last', async () => {
    const { close } = await open([
      teller('sqs'),
      teller('events'),
      teller('dynamodb'),
      teller('sfn'),
      teller('ec2'),
      teller('ecs'),
    ]);
    await close();
    expect(told[0]).toBe('start dynamodb');
    expect(told.slice(6)).toEqual(['stop ecs', 'stop ec2', 'stop sfn', 'stop events', 'stop sqs', 'stop dynamodb']);
  });

  test('stops every service, also when one fails to, and then says so', async () => {
    const broken = teller('ecs', {
      stop: () => {
        throw new Error('no way');
      },
    });
    const { close } = await open([broken, teller('sqs')]);
    await expect(close()).rejects.toThrow('no way');
    expect(told).toContain('stop sqs');
  });

  test('that cannot start stops what did, and leaves its port free', async () => {
    const broken = teller('sqs', { start: () => Promise.reject(new Error('no disk')) });
    await expect(open([teller('dynamodb'), broken])).rejects.toThrow('no disk');
    expect(told).toContain('stop dynamodb');
    const { close } = await open([]);
    await close();
  });

  test('refuses two services of one name', async () => {
    await expect(open([teller('sqs'), teller('sqs')])).rejects.toThrow('two services named sqs');
  });

  test('refuses a port that is taken', async () => {
    const { close } = await open([]);
    await expect(open([])).rejects.toThrow('EADDRINUSE');
    await close();
  });

  test('gives events to the events service before emit returns', async () => {
    const event = { source: 'aws.ecs', detailType: 'ECS Task State Change', resources: [], time: 1, detail: {} };
    const accepted: unknown[] = [];
    const { cloud, close } = await open([teller('events', { accept: (given) => void accepted.push(given) })]);
    cloud.emit(event);
    expect(accepted).toEqual([event]);
    await close();
  });

  test('tells a handler who calls: the cloud itself, or whom it names', async () => {
    const callers: string[] = [];
    const handlers: LocalService['handlers'] = {
      ListQueues: (_input, { caller }) => {
        callers.push(caller.principalArn);
        return {};
      },
    };
    const { cloud, close } = await open([teller('sqs', { handlers })]);
    await cloud.call('sqs', 'ListQueues', {});
    await cloud.call(
      'sqs',
      'ListQueues',
      {},
      { accessKeyId: 'k', principalArn: 'arn:aws:sts::000000000000:assumed-role/R/s' },
    );
    expect(callers).toEqual(['arn:aws:iam::000000000000:root', 'arn:aws:sts::000000000000:assumed-role/R/s']);
    await close();
  });
});
