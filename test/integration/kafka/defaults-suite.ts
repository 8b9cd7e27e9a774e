import { describe, expect, test } from '@jest/globals';
import type { ClusterUnderTest } from './cluster-under-test.ts';

/** Where a version has eligible leader replicas, the cluster's own minimum of in-sync replicas is a dynamic default. */
const clusterMinimums: Readonly<Record<string, readonly object[]>> = {
  '3.9.2': [],
  '4.1.2': [{ name: 'min.insync.replicas', value: '2', source: 'dynamic cluster default' }],
  '4.3.1': [{ name: 'min.insync.replicas', value: '2', source: 'dynamic cluster default' }],
};

/** What clients get who ask for nothing in particular. It leaves a topic behind. */
export function describeDefaults({ version, admin, kafka, brokers }: ClusterUnderTest): void {
  describe('what is not asked for', () => {
    test('a topic that Kafka’s own tool creates without flags survives the loss of a broker', async () => {
      const at = ['--bootstrap-server', '127.50.0.10:9092', '--topic', 'plain'];
      await kafka.runTool('kafka-topics.sh', [...at, '--create']);
      const printed = await kafka.runTool('kafka-topics.sh', [...at, '--describe']);
      expect(printed).toContain('PartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2');
    }, 60_000);

    test('the minimum of in-sync replicas of the cluster is the one of the options', async () => {
      const resource = { type: 'cluster default' } as const;
      const found = await admin.describeConfigs(brokers(), { resource, names: ['min.insync.replicas'] });
      expect(found).toMatchObject(clusterMinimums[version] ?? []);
      const ofBroker = { type: 'broker', id: 1 } as const;
      const [inForce] = await admin.describeConfigs(brokers(), { resource: ofBroker, names: ['min.insync.replicas'] });
      expect(inForce?.value).toBe('2');
    });
  });
}
