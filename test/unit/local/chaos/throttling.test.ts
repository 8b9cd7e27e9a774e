import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openThrottling } from '../../../../local/chaos/throttling.ts';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';

const PORT = 21_450;
const config = {
  endpoint: `http://127.0.0.1:${PORT}`,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
};

let folder: string;
let running: RunningCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'throttling-'));
  running = await createCloud({
    ...{ dataFolder: folder, optFolder: folder, port: PORT, log: () => undefined },
    services: [
      () => ({ name: 'ecs', handlers: { ListClusters: () => ({ clusterArns: [] }) } }),
      () => ({ name: 'ec2', handlers: { DescribeVolumes: () => ({ Volumes: [] }) } }),
      () => ({ name: 'lambda', handlers: { Invoke: () => ({ StatusCode: 202 }) } }),
    ],
  });
});

beforeEach(() => ask('throttle/off'));

afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

async function ask(verb: string, input: object = {}): Promise<unknown> {
  const request = { method: 'POST', body: JSON.stringify(input) };
  return (await fetch(`${config.endpoint}/_cloud/chaos/${verb}`, request)).json();
}

describe('a client of the SDK', () => {
  test('whose calls come too fast sees the error of ECS, and that it may try again', async () => {
    const ecs = new ECSClient({ ...config, maxAttempts: 1 });
    await ask('throttle/set', { service: 'ecs', operation: 'ListClusters', burst: 1, ratePerSecond: 0 });
    await ecs.send(new ListClustersCommand({}));
    await expect(ecs.send(new ListClustersCommand({}))).rejects.toMatchObject({
      ...{ name: 'ThrottlingException', message: 'Rate exceeded' },
      $metadata: { httpStatusCode: 400 },
    });
    await ask('throttle/off');
    await ecs.send(new ListClustersCommand({}));
  });

  test('tries by itself until its bucket has a token', async () => {
    const ecs = new ECSClient({ ...config, maxAttempts: 20 });
    await ask('throttle/set', { service: 'ecs', operation: 'ListClusters', burst: 1, ratePerSecond: 2 });
    const answers = [await ecs.send(new ListClustersCommand({})), await ecs.send(new ListClustersCommand({}))];
    const [first, second] = answers.map(({ $metadata }) => $metadata.attempts ?? 0);
    expect(first).toBe(1);
    expect(second).toBeGreaterThan(1);
  });

  test('sees the error of EC2 under the name that it has there', async () => {
    const ec2 = new EC2Client({ ...config, maxAttempts: 1 });
    await ask('throttle/set', { service: 'ec2', operation: 'DescribeVolumes', burst: 1, ratePerSecond: 0 });
    await ec2.send(new DescribeVolumesCommand({}));
    await expect(ec2.send(new DescribeVolumesCommand({}))).rejects.toMatchObject({
      name: 'RequestLimitExceeded',
      $metadata: { httpStatusCode: 503 },
    });
  });

  test('is told by Lambda alone when to come again', async () => {
    const lambda = new LambdaClient({ ...config, maxAttempts: 1 });
    await ask('throttle/set', { service: 'lambda', operation: 'Invoke', burst: 1, ratePerSecond: 0 });
    await lambda.send(new InvokeCommand({ FunctionName: 'f' }));
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      ...{ name: 'TooManyRequestsException', retryAfterSeconds: '1', Reason: 'CallerRateLimitExceeded' },
      $metadata: { httpStatusCode: 429 },
    });
  });

  test('has the buckets of AWS when they are on: fifty reads of clusters at once', async () => {
    const ecs = new ECSClient({ ...config, maxAttempts: 1 });
    await ask('throttle/on');
    const calls = Array.from({ length: 50 }, () => ecs.send(new ListClustersCommand({})));
    expect(await Promise.all(calls)).toHaveLength(50);
    expect(await ask('throttle/set', { service: 'ecs', operation: 'Nonsense', burst: 1, ratePerSecond: 1 })).toEqual({
      error: 'ecs Nonsense is no operation of this cloud; an example is ecs RunTask',
    });
  });
});

describe('throttling', () => {
  const open = (now: () => number) =>
    openThrottling({
      ...{ dataFolder: join(folder, 'other'), cloudItself: 'CLOUD', now },
      hasOperation: (service): service is 'ecs' => service === 'ecs',
    });
  const call = {
    ...({ service: 'ecs', operation: 'RegisterTaskDefinition', input: {} } as const),
    caller: { accessKeyId: 'AKIA', principalArn: 'arn:aws:iam::000000000000:root' },
  };

  test('lets twenty task definitions be registered at once, and then one each second', async () => {
    let now = 0;
    const throttling = open(() => now);
    await throttling.verbs['throttle/on']?.({});
    for (let i = 0; i < 20; i += 1) throttling.throttle(call);
    expect(() => throttling.throttle(call)).toThrow('Rate exceeded');
    now = 999;
    expect(() => throttling.throttle(call)).toThrow('Rate exceeded');
    now = 1000;
    throttling.throttle(call);
    expect(() => throttling.throttle(call)).toThrow('Rate exceeded');
    throttling.calm();
  });

  test('outlives a crash of the cloud, whose own calls never count', async () => {
    await open(() => 0).verbs['throttle/set']?.({
      ...{ service: 'ecs', operation: 'RegisterTaskDefinition', burst: 1, ratePerSecond: 0 },
    });
    const again = open(() => 0);
    expect(again.show()).toEqual(['ecs RegisterTaskDefinition is throttled: 1 at once, then 0 a second']);
    const ofCloud = { ...call, caller: { ...call.caller, accessKeyId: 'CLOUD' } };
    for (let i = 0; i < 3; i += 1) again.throttle(ofCloud);
    again.throttle(call);
    expect(() => again.throttle(call)).toThrow('Rate exceeded');
    again.calm();
    again.throttle(call);
    expect(open(() => 0).show()).toEqual([]);
  });
});
