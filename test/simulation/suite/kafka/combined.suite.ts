import { afterAll, expect, test } from '@jest/globals';
import type { KafkaUnderTest } from './kafka-under-test.ts';

const limitMs = 60_000;

/** Node 0, broker and controller in one process. `controller` is the address of its controller's listener. */
export function combinedSuite(
  kafka: KafkaUnderTest,
  controller: { readonly host: string; readonly port: number },
): void {
  const brokers = [kafka.addressOf(0)];
  afterAll(() => kafka.end());

  const inService = () =>
    kafka.until(
      () => kafka.admin.listPartitions(brokers),
      (partitions) => partitions.every(({ leader, isr }) => leader === 0 && isr.length === 1),
    );

  test(
    'a node that is both leads its quorum and serves clients',
    async () => {
      await kafka.createDisk(0, 'standalone');
      await kafka.start(0);
      const quorum = await kafka.admin.describeQuorum([controller]);
      if (quorum.type !== 'led') throw new Error('nobody leads');
      expect(quorum.leaderId).toBe(0);
      expect(quorum.voters.map(({ id }) => id)).toEqual([0]);
      expect(quorum.observers).toEqual([]);
      await kafka.createTopic('orders', 2);
      await inService();
      expect(await kafka.produce()).toEqual({ acknowledged: 2, refused: 0 });
    },
    limitMs,
  );

  test(
    'it comes back after a clean stop with its records',
    async () => {
      await kafka.stop(0);
      await kafka.start(0);
      await inService();
      expect(await kafka.produce()).toEqual({ acknowledged: 2, refused: 0 });
      expect(await kafka.lost()).toBe(0);
    },
    limitMs,
  );

  test(
    'killed, it is refused by itself until its old session ends, and loses nothing',
    async () => {
      await kafka.kill(0);
      const killedAt = kafka.now();
      await kafka.start(0);
      expect(kafka.now() - killedAt).toBeGreaterThan(kafka.sessionTimeoutMs - 4 * kafka.heartbeatMs);
      await inService();
      expect(await kafka.produce()).toEqual({ acknowledged: 2, refused: 0 });
      expect(await kafka.lost()).toBe(0);
    },
    limitMs,
  );
}
