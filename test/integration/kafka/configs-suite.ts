import { describe, expect, test } from '@jest/globals';
import type { ClusterUnderTest } from './cluster-under-test.ts';

/** What is set while brokers run. */
export function describeConfigs({ admin, brokers, until }: ClusterUnderTest): void {
  describe('dynamic configs', () => {
    const threads = 'background.threads';
    const read = async (id: number) => {
      const query = { resource: { type: 'broker', id }, names: [threads] } as const;
      return (await admin.describeConfigs(brokers(), query))[0];
    };

    test('of one broker are set and deleted through any broker', async () => {
      const resource = { type: 'broker', id: 2 } as const;
      const set = { resource, changes: [{ type: 'set', name: threads, value: '12' }] } as const;
      expect(await admin.incrementalAlterConfigs(brokers(), set)).toEqual({ type: 'altered' });
      const entry = { name: threads, value: '12', source: 'dynamic broker', readOnly: false, sensitive: false };
      expect(
        await until(
          () => read(2),
          (config) => config?.value === '12',
        ),
      ).toEqual(entry);
      expect(await read(1)).toEqual({ ...entry, value: '10', source: 'default' });
      const unset = { resource, changes: [{ type: 'delete', name: threads }] } as const;
      expect(await admin.incrementalAlterConfigs(brokers(), unset)).toEqual({ type: 'altered' });
      expect(
        await until(
          () => read(2),
          (config) => config?.value === '10',
        ),
      ).toMatchObject({ source: 'default' });
    });

    test('of the cluster reach every broker', async () => {
      const alteration = {
        resource: { type: 'cluster default' },
        changes: [{ type: 'set', name: threads, value: '11' }],
      } as const;
      expect(await admin.incrementalAlterConfigs(brokers(), alteration)).toEqual({ type: 'altered' });
      expect(
        await until(
          () => read(0),
          (config) => config?.value === '11',
        ),
      ).toMatchObject({
        source: 'dynamic cluster default',
      });
    });

    test('of a topic are refused with Kafka’s reason, and nothing is changed by a check', async () => {
      const alteration = (value: string) =>
        ({
          resource: { type: 'topic', name: 'orders' },
          changes: [{ type: 'set', name: 'retention.ms', value }],
          validateOnly: true,
        }) as const;
      expect(await admin.incrementalAlterConfigs(brokers(), alteration('soon'))).toEqual({
        type: 'refused',
        codeName: 'INVALID_CONFIG',
        message: expect.stringContaining('retention.ms'),
      });
      expect(await admin.incrementalAlterConfigs(brokers(), alteration('1000'))).toEqual({ type: 'altered' });
      const query = { resource: { type: 'topic', name: 'orders' }, names: ['retention.ms'] } as const;
      expect(await admin.describeConfigs(brokers(), query)).toMatchObject([{ value: '604800000', source: 'default' }]);
    });

    test('of what does not exist are errors that may pass', async () => {
      const topic = { resource: { type: 'topic', name: 'nothing' } } as const;
      await expect(admin.describeConfigs(brokers(), topic)).rejects.toMatchObject({
        name: 'KafkaResponseError',
        codeName: 'UNKNOWN_TOPIC_OR_PARTITION',
        retriable: true,
      });
      const broker = { resource: { type: 'broker', id: 9 } } as const;
      await expect(admin.describeConfigs(brokers(), broker)).rejects.toMatchObject({
        name: 'KafkaUnreachableError',
        message: 'broker 9 is not registered (registered: 0, 1, 2): start it first',
      });
    });
  });
}
