import { describe, expect, test } from '@jest/globals';
import { nodeProperties } from './kafka-properties.ts';
import { isFullyInSync, joinVoters, ledQuorum, settledPartitions } from './kafka-under-test.ts';
import { createModelUnderTest } from './model-under-test.ts';

/** What real brokers cannot be asked in a minute: the disasters that the model must notice. */
const addressOf = (id: number) => ({ host: `10.0.1.${id - 1000}`, port: 9092 });
const all = [1000, 1001, 1002].map(addressOf);
const limitMs = 60_000;

async function clusterOf(seed: string, controllerCount: number, brokerCount: number) {
  const kafka = createModelUnderTest({ seed, propertiesOf: (id, host) => nodeProperties(id, host, all) });
  const ids = Array.from({ length: controllerCount }, (_, index) => 1000 + index);
  for (const id of ids) {
    await kafka.createDisk(id, id === 1000 ? 'standalone' : 'joining');
    await kafka.start(id);
    if (id !== 1000) await joinVoters(kafka, id);
  }
  for (let id = 0; id < brokerCount; id++) {
    await kafka.createDisk(id, 'joining');
    await kafka.start(id);
  }
  return kafka;
}
const rulesOf = (kafka: Awaited<ReturnType<typeof clusterOf>>) => kafka.model.violations().map(({ rule }) => rule);

describe('the registration of a broker that lives', () => {
  test('must not be removed: the broker is refused until it is killed and started anew', async () => {
    const kafka = await clusterOf('zombie', 1, 1);
    expect(await kafka.admin.unregisterBroker(all, 0)).toEqual({ type: 'unregistered' });
    expect(rulesOf(kafka)).toEqual(['only-a-stopped-broker-is-unregistered']);
    await kafka.pass(limitMs);
    expect(kafka.model.view(kafka.clusterId).brokers).toEqual([]);
    await kafka.kill(0);
    await kafka.start(0);
    expect(kafka.model.view(kafka.clusterId).brokers).toMatchObject([{ id: 0, fenced: false }]);
  });

  test('keeps a second process of the same id out, whatever disk that has', async () => {
    const kafka = await clusterOf('twin', 1, 1);
    const [first] = kafka.model.view(kafka.clusterId).brokers;
    kafka.model.createDisk('vol-other');
    const serial = { WARDEN_SERIAL: 'volother', WARDEN_MAY_FORMAT: 'yes' };
    const device = '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_volother';
    const run = { ...kafka.containerOf(0, { WARDEN_DEVICE: device, ...serial }), attachedVolumes: () => ['vol-other'] };
    kafka.model.programs.start(run);
    await kafka.pass(limitMs);
    const twin = kafka.launch(0, { properties: { listeners: 'PLAINTEXT://10.0.0.0:9192' }, volumeId: 'vol-other' });
    await kafka.pass(limitMs);
    expect(kafka.model.view(kafka.clusterId).brokers).toEqual([first]);
    expect(kafka.exits.has(twin)).toBe(false);
    expect(rulesOf(kafka)).toEqual([]);
  });
});

describe('a cluster', () => {
  test('may be formed anew while nobody joined and the founder’s disk is gone', async () => {
    const kafka = await clusterOf('anew', 1, 0);
    await kafka.kill(1000);
    await kafka.createDisk(1000, 'standalone');
    await kafka.start(1000);
    expect((await ledQuorum(kafka)).leaderId).toBe(1000);
    expect(rulesOf(kafka)).toEqual([]);
  });

  test('must not be formed anew when another node ever joined', async () => {
    const kafka = await clusterOf('again', 1, 1);
    await kafka.kill(1000);
    await kafka.createDisk(1000, 'standalone');
    await kafka.start(1000);
    expect(rulesOf(kafka)).toEqual(['a-quorum-is-formed-once']);
  });

  test('loses what only one disk held when that disk is replaced', async () => {
    const kafka = await clusterOf('lost', 1, 3);
    await kafka.createTopic('orders', 1);
    await settledPartitions(kafka, isFullyInSync);
    expect(await kafka.produce()).toEqual({ acknowledged: 1, refused: 0 });
    for (const id of [0, 1, 2]) await kafka.kill(id);
    await kafka.pass(limitMs);
    expect(await kafka.lost()).toBe(0);
    for (const id of [0, 1, 2]) await kafka.createDisk(id, 'joining');
    expect(await kafka.lost()).toBe(1);
    for (const id of [0, 1, 2]) await kafka.start(id);
    await settledPartitions(kafka, isFullyInSync);
    expect(await kafka.lost()).toBe(1);
    expect(rulesOf(kafka)).toEqual(['acknowledged-records-are-kept']);
  });
});

describe('a node', () => {
  test('does not join while none of its bootstrap servers lives', async () => {
    const kafka = await clusterOf('nobody', 2, 0);
    await kafka.createDisk(1002, 'joining');
    kafka.launch(1002, { properties: { 'controller.quorum.bootstrap.servers': '10.9.9.9:9092' } });
    await kafka.pass(limitMs);
    expect((await ledQuorum(kafka)).observers).toEqual([]);
    await kafka.kill(1002);
    kafka.launch(1002, { properties: { 'controller.quorum.bootstrap.servers': '10.9.9.9:9092,10.0.1.1:9092' } });
    await kafka.pass(limitMs);
    expect((await ledQuorum(kafka)).observers.map(({ id }) => id)).toEqual([1002]);
  });

  test('does not find the only controller where it has moved to, and tells what was, until it starts with the new address', async () => {
    const kafka = await clusterOf('moved', 1, 2);
    await kafka.kill(1000);
    kafka.launch(1000, { address: '10.0.9.9' });
    await kafka.pass(limitMs);
    const cutOff = kafka.model.view(kafka.clusterId);
    expect(cutOff.unheard).toEqual([0, 1]);
    expect(cutOff.brokers.map(({ fenced }) => fenced)).toEqual([true, true]);
    const told = await kafka.admin.describeCluster([kafka.addressOf(0), kafka.addressOf(1)]);
    expect(told.brokers.map(({ fenced }) => fenced)).toEqual([false, false]);
    await kafka.kill(0);
    kafka.launch(0, { properties: { 'controller.quorum.bootstrap.servers': '10.0.9.9:9092' } });
    await kafka.pass(limitMs);
    const after = kafka.model.view(kafka.clusterId);
    expect(after.unheard).toEqual([1]);
    expect(after.brokers.map(({ fenced }) => fenced)).toEqual([false, true]);
  });

  test('learns from the others where one of three controllers has moved to', async () => {
    const kafka = await clusterOf('one of three', 3, 1);
    await kafka.kill(1000);
    kafka.launch(1000, { address: '10.0.9.9' });
    await kafka.pass(limitMs);
    const quorum = await kafka.admin.describeQuorum([{ host: '10.0.9.9', port: 9092 }, ...all]);
    expect(quorum.type === 'led' && quorum.nodes[0]?.listeners[0]?.host).toBe('10.0.9.9');
    const { unheard, brokers } = kafka.model.view(kafka.clusterId);
    expect(unheard).toEqual([]);
    expect(brokers.map(({ fenced }) => fenced)).toEqual([false]);
  });

  test('hears from a leader that has moved where it leads, as a voter that has not', async () => {
    const kafka = await clusterOf('told', 3, 0);
    for (const id of [1000, 1001, 1002]) await kafka.kill(id);
    kafka.launch(1001);
    kafka.launch(1000, { address: '10.0.9.9' });
    await kafka.pass(limitMs);
    const { leaderId, caughtUpVoters } = kafka.model.view(kafka.clusterId);
    expect([leaderId, caughtUpVoters]).toEqual([1000, [1000, 1001]]);
    const quorum = await kafka.admin.describeQuorum([{ host: '10.0.9.9', port: 9092 }]);
    expect(quorum.type === 'led' && quorum.nodes[0]?.listeners[0]?.host).toBe('10.0.9.9');
  });

  test('waits at SIGTERM for controllers that never come, and gives up after five minutes', async () => {
    const kafka = await clusterOf('waits', 1, 1);
    await kafka.kill(1000);
    await kafka.pass(limitMs);
    const stopping = kafka.stop(0);
    const stoppedAt = kafka.now();
    await stopping;
    expect(kafka.now() - stoppedAt).toBeGreaterThanOrEqual(300_000);
  });

  test.each([
    ['with the guard of the start command', undefined, 1],
    ['not without it', ['exec /opt/kafka/bin/kafka-server-start.sh "$properties"'], 0],
  ])('that died between the leader’s address and its first fetch starts again %s', async (_, command, registered) => {
    const kafka = await clusterOf('guard', 1, 0);
    await kafka.createDisk(0, 'joining');
    const task = kafka.launch(0);
    // The first moment at which it knows the leader: its disk has quorum-state, the metadata log is empty.
    await kafka.until(
      async () => kafka.pendingOf(0),
      (pending) => pending.some((what) => what.includes('fetches metadata')),
    );
    await kafka.kill(0);
    const next = kafka.launch(0, command === undefined ? {} : { command });
    await kafka.pass(limitMs);
    expect(kafka.model.view(kafka.clusterId).brokers).toHaveLength(registered);
    expect([kafka.exits.get(task), kafka.exits.get(next)]).toEqual([undefined, registered === 1 ? undefined : 1]);
  });
});

test('brokers lag behind now and then, and what they disagree on is not settled', async () => {
  const kafka = await clusterOf('lag', 1, 3);
  await kafka.createTopic('orders', 6);
  await settledPartitions(kafka, isFullyInSync);
  const brokers = [0, 1, 2].map((id) => kafka.addressOf(id));
  await kafka.kill(2);
  await kafka.admin.unregisterBroker(all, 2);
  const looks = await Promise.all(Array.from({ length: 40 }, () => kafka.admin.listPartitions(brokers)));
  const unsettled = looks.filter((partitions) => partitions.some(({ settled }) => !settled));
  expect(unsettled.length).toBeGreaterThan(0);
  expect(unsettled.length).toBeLessThan(40);
  // Pessimism holds in every single look: nobody is told that the dead broker is in sync beside one who knows better.
  for (const partitions of unsettled)
    for (const { settled, isr } of partitions) expect(settled || !isr.includes(2)).toBe(true);
  await kafka.pass(1_000);
  const later = await kafka.admin.listPartitions(brokers);
  expect(later.every(({ settled }) => settled)).toBe(true);
});
