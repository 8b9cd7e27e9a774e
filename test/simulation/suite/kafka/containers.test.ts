import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { startCommand } from '../../../../lib/model/broker/start-command.ts';
import type { ContainerRun } from '../../contract.ts';
import { createRandom } from '../../kernel/random.ts';
import { createTimeline, type Timeline } from '../../kernel/timeline.ts';
import { createKafkaModel, type ModelOfKafka } from '../../models/kafka/index.ts';
import { nodeProperties } from './kafka-properties.ts';

/** What the model's containers do with the environment that Warden gives them, down to the exit code. */
const host = {
  ...{ instanceId: 'i-1', containerInstanceArn: 'arn:host/1', zone: 'a', address: '10.0.0.1' },
  ...{ cpuUnits: 4096, memoryMiB: 8192 },
};
const elsewhere = { ...host, instanceId: 'i-2', address: '10.0.0.2' };
const controllers = [{ host: host.address, port: 9092 }];
const founderProperties = nodeProperties(1000, host.address, controllers);

let clock: Timeline;
let model: ModelOfKafka;
let exits: number[];
let attached: string[];

beforeEach(() => {
  clock = createTimeline();
  model = createKafkaModel({ clock, random: createRandom('containers') });
  exits = [];
  attached = ['vol-1'];
  model.createDisk('vol-1');
});

let tasks = 0;
const run = (environment: Readonly<Record<string, string>>, more: Partial<ContainerRun> = {}): ContainerRun => ({
  ...{ taskArn: `arn:task/${++tasks}`, startedBy: 'warden/kafka/1000/node/1', host, image: 'apache/kafka:4.3.1' },
  ...{ command: [startCommand], environment, attachedVolumes: () => attached },
  exited: (exitCode) => exits.push(exitCode),
  ...more,
});
const preparation = (more: Readonly<Record<string, string>> = {}) =>
  run({
    WARDEN_DEVICE: '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol1',
    WARDEN_SERIAL: 'vol1',
    WARDEN_MAY_FORMAT: 'no',
    ...more,
  });
const node = (environment: Readonly<Record<string, string>> = {}, more: Partial<ContainerRun> = {}): ContainerRun => {
  const lines = Object.entries(founderProperties).map(([name, value]) => `${name}=${value}\n`);
  const own = {
    WARDEN_PROPERTIES: gzipSync(lines.join('')).toString('base64'),
    WARDEN_CLUSTER_ID: 'MkU3OEVBNTcwNTJENDM2Qg',
    WARDEN_NODE_ID: '1000',
    WARDEN_FORMAT: '--standalone',
  };
  return run({ ...own, ...environment }, { volumeId: 'vol-1', ...more });
};
const prepare = async () => {
  model.programs.start(preparation({ WARDEN_MAY_FORMAT: 'yes' }));
  await clock.pass(60_000);
  exits = [];
};
/** What the container ended with; nothing while it runs. */
const outcomeOf = async (container: ContainerRun) => {
  model.programs.start(container);
  await clock.pass(60_000);
  return exits;
};

describe('the preparation of a volume', () => {
  test('formats a blank disk that it may format, and finds it ready the second time', async () => {
    expect(await outcomeOf(preparation({ WARDEN_MAY_FORMAT: 'yes' }))).toEqual([0]);
    expect(await outcomeOf(preparation())).toEqual([0, 0]);
  });

  test('leaves a blank disk alone that it must not format', async () => {
    expect(await outcomeOf(preparation())).toEqual([71]);
  });

  test('refuses another disk than the one that was meant, and one that its host does not have', async () => {
    expect(await outcomeOf(preparation({ WARDEN_SERIAL: 'vol2', WARDEN_MAY_FORMAT: 'yes' }))).toEqual([70]);
    attached = [];
    expect(await outcomeOf(preparation({ WARDEN_MAY_FORMAT: 'yes' }))).toEqual([70, 70]);
  });
});

test('two preparations of one disk at a time are a broken promise, one after the other are none', async () => {
  const first = model.programs.start(preparation({ WARDEN_MAY_FORMAT: 'yes' }));
  first.kill();
  model.programs.start(preparation({ WARDEN_MAY_FORMAT: 'yes' }));
  await clock.pass(60_000);
  model.programs.start(preparation());
  expect(model.violations()).toEqual([]);
  model.programs.start(preparation());
  expect(model.violations().map(({ rule }) => rule)).toEqual(['one-preparation-works-on-a-disk']);
});

describe('the container of a node', () => {
  test('cannot start on a disk without a file system, nor on none', () => {
    expect(() => model.programs.start(node())).toThrow('mounting vol-1 failed: wrong fs type');
    expect(() => model.programs.start(node({}, { volumeId: 'vol-9' }))).toThrow(
      'mounting vol-9 failed: no such device',
    );
  });

  test('runs on a prepared disk, and is ended by SIGTERM with 143', async () => {
    await prepare();
    const container = model.programs.start(node());
    await clock.pass(60_000);
    expect(exits).toEqual([]);
    expect(model.view('MkU3OEVBNTcwNTJENDM2Qg').leaderId).toBe(1000);
    container.terminate();
    await clock.pass(60_000);
    expect(exits).toEqual([143]);
  });

  test('says nothing when it is killed', async () => {
    await prepare();
    model.programs.start(node()).kill();
    await clock.pass(60_000);
    expect(exits).toEqual([]);
  });

  test('ends with 65 where it must not format and finds nothing', async () => {
    await prepare();
    expect(await outcomeOf(node({ WARDEN_FORMAT: 'never' }))).toEqual([65]);
  });

  test.each([
    ['of another node', { WARDEN_NODE_ID: '1001' }],
    ['of another cluster', { WARDEN_CLUSTER_ID: 'AkU3OEVBNTcwNTJENDM2Qg' }],
  ])('ends with 64 on a disk %s', async (_, environment) => {
    await prepare();
    const first = model.programs.start(node());
    await clock.pass(60_000);
    first.kill();
    expect(await outcomeOf(node({ WARDEN_FORMAT: 'never', ...environment }))).toEqual([64]);
  });

  test.each([
    ['properties that are no gzip', { WARDEN_PROPERTIES: 'bm90IGd6aXA=' }],
    ['properties without an id', { WARDEN_PROPERTIES: gzipSync('process.roles=controller\n').toString('base64') }],
    ['a format that Kafka does not know', { WARDEN_FORMAT: '--sometimes' }],
  ])('ends with 1 for %s', async (_, environment) => {
    await prepare();
    expect(await outcomeOf(node(environment))).toEqual([1]);
  });

  test('ends with 1 on a host that does not have its address', async () => {
    await prepare();
    expect(await outcomeOf(node({}, { host: elsewhere }))).toEqual([1]);
  });

  test('finds the lock of the one that works on its disk, which is a broken promise', async () => {
    await prepare();
    model.programs.start(node());
    await clock.pass(60_000);
    expect(await outcomeOf(node({ WARDEN_FORMAT: 'never' }))).toEqual([1]);
    expect(model.violations().map(({ rule }) => rule)).toEqual(['one-node-works-on-a-disk']);
  });
});
