import { describe, expect, jest, test } from '@jest/globals';
import { minuteMs, secondMs, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const graceMinutes = 6;
const enabled = {
  enable_replacement: true,
  recover_in_place_grace_period_secs: graceMinutes * 60,
  min_delay_between_recovers_secs: 300,
};

/** Three brokers and three controllers with a topic that is written to. */
async function threeBrokers(seed: string, replacement: object = {}): Promise<Told & { readonly clusterId: string }> {
  const told = tell(seed);
  const service = { name: 'kafka', ...replacement };
  await told.install('kafka', { service, brokers: { count: 3 }, controllers: { count: 3 } });
  await told.rest();
  const clusterId = told.process('kafka/0')?.environment['WARDEN_CLUSTER_ID'] ?? '';
  expect(told.world.kafka.createTopic(clusterId, { name: 'orders', partitions: 6 })).toBe(true);
  await told.world.clock.pass(minuteMs);
  return { ...told, clusterId };
}

function volumeOf({ process }: Told, node: string): string {
  const { volumeId } = process(node) ?? {};
  if (volumeId === undefined) throw new Error(`${node} does not run with a volume`);
  return volumeId;
}

/** What is told of the steps that wait. */
function waits({ world }: Told): string {
  return JSON.stringify(world.aws.items().filter(({ sk }) => String(sk).startsWith('WAIT#')));
}

const ways = ['error', 'forgotten'] as const;

describe('a node whose volume is lost', () => {
  test.each(ways)(
    'waits and says so when replacement is not enabled, until an operator discards it (%s)',
    async (how) => {
      const told = await threeBrokers(`lost volume, ${how}`);
      const { world, scene, process, rest, broken, clusterId } = told;
      const lost = volumeOf(told, 'kafka/1');
      world.aws.loseVolume(lost, how);
      await world.clock.pass(30 * minuteMs);
      expect(process('kafka/1')).toBeUndefined();
      expect(waits(told)).toContain(lost);
      const query = { volume: 'discard' };
      const answer = scene.send({ method: 'POST', path: '/service/kafka/v1/pod/kafka-1/replace', query });
      await world.clock.pass(10 * secondMs);
      expect((await answer).status).toBe(200);
      await rest(30 * minuteMs);
      expect(volumeOf(told, 'kafka/1')).not.toBe(lost);
      expect(broken()).toEqual([]);
      expect(world.kafka.view(clusterId).lost).toBe(0);
    },
  );

  test.each([
    ['kafka/1', 'error'],
    ['kafka/1', 'forgotten'],
    ['kafka/1001', 'error'],
  ] as const)('%s runs with an empty one after the grace period when it is enabled (%s)', async (node, how) => {
    const told = await threeBrokers(`lost volume that is replaced, ${node} ${how}`, enabled);
    const { world, process, rest, broken, clusterId } = told;
    const lost = volumeOf(told, node);
    world.aws.loseVolume(lost, how);
    await world.clock.pass((graceMinutes - 1) * minuteMs);
    expect(process(node)).toBeUndefined();
    await rest(60 * minuteMs);
    const fresh = world.aws.volumes().find(({ id }) => id === volumeOf(told, node));
    expect(fresh?.snapshotId).toBeUndefined();
    expect(broken()).toEqual([]);
    const { acknowledged, lost: lostRecords } = world.kafka.view(clusterId);
    expect([acknowledged > 0, lostRecords]).toEqual([true, 0]);
  });

  test('runs with one from the newest completed snapshot, and takes from the others what came since', async () => {
    const told = await threeBrokers('lost volume with snapshots', enabled);
    const { world, rest, broken, clusterId } = told;
    const lost = volumeOf(told, 'kafka/1');
    world.aws.takeSnapshot(lost);
    await world.clock.pass(10 * minuteMs);
    const newest = world.aws.takeSnapshot(lost);
    await world.clock.pass(10 * minuteMs);
    world.aws.takeSnapshot(volumeOf(told, 'kafka/2'));
    world.aws.loseVolume(lost, 'error');
    await world.clock.pass((graceMinutes - 1) * minuteMs);
    await rest(60 * minuteMs);
    const made = world.aws.volumes().find(({ id }) => id === volumeOf(told, 'kafka/1'));
    expect(made?.snapshotId).toBe(newest);
    expect(broken()).toEqual([]);
    expect(world.kafka.view(clusterId).lost).toBe(0);
  });

  test('runs with an empty one when the only snapshot was taken before it had data', async () => {
    const told = tell('lost volume with a blank snapshot');
    const { world, rest, until, broken, process } = told;
    const service = { name: 'kafka', ...enabled };
    await told.install('kafka', { service, brokers: { count: 3 }, controllers: { count: 3 } });
    const disksOf1 = () => world.aws.volumes().filter(({ tags }) => tags['warden:node'] === '1');
    await until('its volume', () => disksOf1().length > 0 && disksOf1()[0]?.state === 'in-use', 30 * minuteMs);
    expect(process('kafka/1')).toBeUndefined();
    world.aws.takeSnapshot(disksOf1()[0]?.id ?? '');
    await rest();
    world.aws.loseVolume(volumeOf(told, 'kafka/1'), 'forgotten');
    await world.clock.pass((graceMinutes - 1) * minuteMs);
    await rest(60 * minuteMs);
    const made = world.aws.volumes().find(({ id }) => id === volumeOf(told, 'kafka/1'));
    expect(made?.snapshotId).toBeUndefined();
    expect(broken()).toEqual([]);
  });

  test('is brought to the target with an empty one when a plan has stopped it, and an operator discards it', async () => {
    const told = await threeBrokers('lost volume under a step');
    const { world, scene, process, update, until, rest, broken } = told;
    const lost = volumeOf(told, 'kafka/1002');
    await update('kafka', { kafka: { queued_max_requests: 600 } });
    await until('the stop', () => process('kafka/1002') === undefined, 30 * minuteMs);
    world.aws.loseVolume(lost, 'error');
    await world.clock.pass(5 * minuteMs);
    const query = { volume: 'discard' };
    const answer = scene.send({ method: 'POST', path: '/service/kafka/v1/pod/controller-2/replace', query });
    await world.clock.pass(10 * secondMs);
    expect((await answer).status).toBe(200);
    await rest(30 * minuteMs);
    expect(volumeOf(told, 'kafka/1002')).not.toBe(lost);
    expect(broken()).toEqual([]);
  });

  test('is what the others wait for when they ended uncleanly, says how an operator goes on, and nothing is lost', async () => {
    const told = await threeBrokers('the last eligible replica is lost');
    const { world, scene, process, until, rest, broken, clusterId } = told;
    const say = async (word: string, query: Readonly<Record<string, string>> = {}) => {
      const answer = scene.send({ method: 'POST', path: `/service/kafka/v1/pod/${word}`, query });
      await world.clock.pass(10 * secondMs);
      expect((await answer).status).toBe(200);
    };
    await say('kafka-0/pause');
    await until('the pause', () => process('kafka/0') === undefined);
    world.aws.loseVolume(volumeOf(told, 'kafka/1'), 'error');
    await world.clock.pass(minuteMs);
    const { acknowledged } = world.kafka.view(clusterId);
    world.aws.killTask(process('kafka/2')?.taskArn ?? '');
    await say('kafka-0/resume');
    await say('kafka-1/replace', { volume: 'discard' });
    await world.clock.pass(60 * minuteMs);
    const { brokers, partitions } = world.kafka.view(clusterId);
    expect(brokers.filter(({ fenced }) => !fenced).map(({ id }) => id)).toEqual([0, 2]);
    expect(partitions.map(({ name, leader }) => [name, leader])).toContainEqual(['orders-0', null]);
    const plan = scene.send({ method: 'GET', path: '/service/kafka/v1/plans/recovery' });
    await world.clock.pass(10 * secondMs);
    expect(JSON.stringify((await plan).body)).toContain('kafka-leader-election.sh --election-type UNCLEAN');
    world.kafka.electUncleanLeaders(clusterId);
    await until('its next volume', () => process('kafka/1') !== undefined);
    await rest(60 * minuteMs);
    expect(broken()).toEqual([]);
    const after = world.kafka.view(clusterId);
    expect([acknowledged > 0, after.acknowledged > acknowledged, after.lost]).toEqual([true, true, 0]);
  });

  test('waits with its last replicas for an operator, and nothing is made in its place', async () => {
    const told = tell('the last replica is lost');
    const service = { name: 'kafka', ...enabled };
    await told.install('kafka', { service, brokers: { count: 1 }, controllers: { count: 3 } });
    await told.rest();
    const { world, process } = told;
    const volumes = world.aws.volumes().length;
    world.aws.loseVolume(volumeOf(told, 'kafka/0'), 'error');
    await world.clock.pass(60 * minuteMs);
    expect(process('kafka/0')).toBeUndefined();
    expect(world.aws.volumes().length).toBe(volumes);
    expect(world.violations).toEqual([]);
  });
});
