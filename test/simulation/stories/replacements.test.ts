import { describe, expect, jest, test } from '@jest/globals';
import type { PlacedItem } from '../run/node-words.ts';
import { minuteMs, secondMs, type Told, tell } from './tell.ts';

/** A limit against hanging: how long it takes says nothing. */
jest.setTimeout(600_000);

const three = { brokers: { count: 3 }, controllers: { count: 3 } };

async function replace({ scene, world }: Told, pod: string, query: Readonly<Record<string, string>> = {}) {
  const answer = scene.send({ method: 'POST', path: `/service/kafka/v1/pod/${pod}/replace`, query });
  await world.clock.pass(10 * secondMs);
  return (await answer).status;
}

function goalOf({ world }: Told, nodeId: number): PlacedItem {
  const item: object | undefined = world.aws
    .items()
    .find(({ pk, sk }) => pk === 'SERVICE#kafka' && sk === `GOAL#${nodeId}`);
  return (item ?? {}) as PlacedItem;
}

function volumesOf({ world }: Told): readonly string[] {
  return world.aws.volumes().flatMap(({ id, isRoot, state }) => (isRoot || state === 'deleted' ? [] : [id]));
}

describe('a node that is replaced', () => {
  test.each(['kafka-0', 'controller-1'])('%s moves with its volume, and is started once', async (pod) => {
    const told = tell(`replaced with its volume, ${pod}`, { hosts: 6 });
    await told.install('kafka', three);
    await told.rest();
    const node = pod === 'kafka-0' ? 'kafka/0' : 'kafka/1001';
    const before = told.process(node);
    expect(await replace(told, pod)).toBe(200);
    await told.rest();
    const after = told.process(node);
    expect(after?.volumeId).toBe(before?.volumeId);
    expect(after?.host.zone).toBe(before?.host.zone);
    expect(after?.host.instanceId).not.toBe(before?.host.instanceId);
    const starts = told.world.starts.filter(({ startedBy }) => startedBy.startsWith(`warden/${node}/node/`));
    expect(starts.length).toBe(2);
    expect(told.broken()).toEqual([]);
  });

  test.each(['kafka-0', 'controller-0', 'controller-1'])(
    '%s goes on with an empty volume, the old one is deleted, and nothing that was acknowledged is lost',
    async (pod) => {
      const told = tell(`replaced with an empty volume, ${pod}`);
      await told.install('kafka', three);
      await told.rest();
      const nodeId = pod === 'kafka-0' ? 0 : 1000 + Number(pod.at(-1));
      const old = goalOf(told, nodeId).volume;
      expect(await replace(told, pod, { volume: 'discard' })).toBe(200);
      await told.rest();
      const { volume, discarded } = goalOf(told, nodeId);
      expect([volume?.generation, discarded]).toEqual([2, undefined]);
      expect(volumesOf(told)).toContain(volume?.id);
      expect(volumesOf(told)).not.toContain(old?.id);
      expect(volumesOf(told).length).toBe(6);
      expect(told.broken()).toEqual([]);
    },
  );

  test('stays a voter when a plan comes to it while the quorum still lists the disk that it had', async () => {
    const told = tell('a plan soon after a replacement');
    await told.install('kafka', three);
    await told.rest();
    expect(await replace(told, 'controller-2', { volume: 'discard' })).toBe(200);
    await told.rest();
    let removals = 0;
    told.world.onServed(({ service, operation }) => {
      if (service === 'kafka' && operation === 'removeVoter') removals++;
    });
    expect((await told.update('kafka', { kafka: { queued_max_requests: 600 } })).status).toBe(202);
    await told.rest();
    expect(removals).toBe(0);
    expect(told.broken()).toEqual([]);
  });

  test('keeps its volume, and runs on, while it has what nobody else has', async () => {
    const told = tell('the last replica');
    await told.install('kafka', { brokers: { count: 1 }, controllers: { count: 3 } });
    await told.rest();
    const { clusterId = '' }: { clusterId?: string } = Object(
      told.world.aws.items().find(({ pk, sk }) => pk === 'SERVICE#kafka' && sk === 'TARGET'),
    );
    expect(told.world.kafka.createTopic(clusterId, { name: 'orders', partitions: 1 })).toBe(true);
    const { taskArn } = told.process('kafka/0') ?? {};
    expect(await replace(told, 'kafka-0', { volume: 'discard' })).toBe(200);
    await told.world.clock.pass(30 * minuteMs);
    expect(told.process('kafka/0')?.taskArn).toBe(taskArn);
    expect(goalOf(told, 0).volume?.generation).toBe(1);
    const wait = told.world.aws.items().find(({ reason }) => Object(reason).type === 'discard');
    expect(Object(wait?.['reason']).refusal).toMatchObject({
      type: 'last replicas',
      partitions: ['orders-0'],
      total: 1,
    });
    expect(told.world.violations).toEqual([]);
  });

  test('is not stopped when nobody could tell what is on it once it is down', async () => {
    const told = tell('the only broker');
    await told.install('kafka', { brokers: { count: 1 }, controllers: { count: 3 } });
    await told.rest();
    const { taskArn } = told.process('kafka/0') ?? {};
    expect(await replace(told, 'kafka-0', { volume: 'discard' })).toBe(200);
    await told.world.clock.pass(30 * minuteMs);
    expect(told.process('kafka/0')?.taskArn).toBe(taskArn);
    expect(told.world.violations).toEqual([]);
  });

  test('goes to another zone with an empty volume after its own has lost all hosts', async () => {
    const told = tell('a zone is gone', { hosts: 4 });
    await told.install('kafka', three);
    await told.rest();
    const { host } = told.process('kafka/2') ?? { host: { instanceId: '', zone: '' } };
    told.world.aws.loseHost(host.instanceId);
    await told.world.clock.pass(3 * minuteMs);
    expect(told.process('kafka/2')).toBeUndefined();
    expect(await replace(told, 'kafka-2', { volume: 'discard' })).toBe(200);
    await told.until('it runs', () => told.process('kafka/2') !== undefined);
    await told.until('the old volume is deleted', () => goalOf(told, 2).discarded === undefined);
    expect(told.process('kafka/2')?.host.zone).not.toBe(host.zone);
    expect(told.world.violations).toEqual([]);
  });
});
