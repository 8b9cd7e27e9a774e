import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { serverProperties } from '../../../../lib/model/broker/server-properties.ts';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import type { ServiceOptions } from '../../../../lib/model/service/options.ts';
import { healthCheckDefaults } from '../../../support/health-check-defaults.ts';
import { replacementDefaults } from '../../../support/replacement-defaults.ts';

function config(brokerCount: number, kafka: ServiceOptions['kafka'] = {}): ServiceConfig {
  const node = {
    ...{ cpus: 1, mem: 2048, heap: { size: 512 }, disk: 5000 },
    ...{ failover_delay: '10s', failover_max_delay: '60s' },
  };
  return {
    id: '85c7946b-6456-463a-85aa-89b05f947a6e',
    packageVersion: '1.0.0-4.3.1',
    options: {
      service: {
        name: 'kafka',
        placement_constraint: '[["hostname","MAX_PER","1"]]',
        deploy_strategy: 'serial',
        rollback: 'manual',
        canary_limit_secs: 600,
        minimum_soak_secs: 0,
        ...healthCheckDefaults,
        ...replacementDefaults,
        rlimits: { rlimit_nofile: { soft: 128_000, hard: 128_000 } },
      },
      brokers: { ...node, count: brokerCount, port: 9100, disk_type: 'ROOT', kill_grace_period: 300 },
      controllers: { ...node, mode: 'dedicated', count: 3, port: 9101 },
      kafka,
    },
  };
}

const controllers = [
  { nodeId: 1000, address: '10.0.1.4' },
  { nodeId: 1001, address: '10.0.2.4' },
  { nodeId: 1002, address: '10.0.3.4' },
];

function properties(nodeId: number, of: ServiceConfig): Readonly<Record<string, string>> {
  return serverProperties({ config: of, nodeId, address: '10.0.2.9', rack: 'eu-west-1b', controllers });
}

describe('server.properties', () => {
  test('is complete for a broker of the default service', () => {
    expect(properties(1, config(3))).toEqual({
      'process.roles': 'broker',
      'node.id': '1',
      'broker.rack': 'eu-west-1b',
      'controller.quorum.bootstrap.servers': '10.0.1.4:9101,10.0.2.4:9101,10.0.3.4:9101',
      'controller.listener.names': 'CONTROLLER',
      listeners: 'PLAINTEXT://10.0.2.9:9100',
      'advertised.listeners': 'PLAINTEXT://10.0.2.9:9100',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      'num.partitions': '1',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
      'share.coordinator.state.topic.replication.factor': '3',
      'share.coordinator.state.topic.min.isr': '2',
      'unclean.leader.election.enable': 'false',
      'delete.topic.enable': 'false',
      'broker.heartbeat.interval.ms': '500',
      'broker.session.timeout.ms': '9000',
      'replica.fetch.backoff.ms': '100',
    });
  });

  test('binds a controller to its own port and gives it the Kafka options of the brokers, but no rack', () => {
    const ofController = properties(1001, config(3, { num_partitions: 12 }));
    expect(ofController).toMatchObject({
      'process.roles': 'controller',
      'node.id': '1001',
      listeners: 'CONTROLLER://10.0.2.9:9101',
      'advertised.listeners': 'CONTROLLER://10.0.2.9:9101',
      'num.partitions': '12',
      'min.insync.replicas': '2',
      'broker.session.timeout.ms': '9000',
    });
    expect(ofController).not.toHaveProperty(['broker.rack']);
  });

  test.each(['3.9.2', '4.1.2', '4.3.1'])(
    'of Kafka %s holds no property that this version does not define',
    (version) => {
      const ofVersion = { ...config(3), packageVersion: `1.0.0-${version}` };
      const verdicts = new URL(`../kafka/kafka-verdicts-${version}.generated.json`, import.meta.url);
      const known = Object.keys(JSON.parse(readFileSync(verdicts, 'utf8')).verdicts);
      expect(known).toEqual(expect.arrayContaining(Object.keys(properties(0, ofVersion))));
      expect(known).toEqual(expect.arrayContaining(Object.keys(properties(1000, ofVersion))));
    },
  );

  test('has no share groups where Kafka has none yet', () => {
    const replicas = 'share.coordinator.state.topic.replication.factor';
    expect(properties(0, { ...config(3), packageVersion: '1.0.0-3.9.2' })).not.toHaveProperty([replicas]);
    expect(properties(0, { ...config(3), packageVersion: '1.0.0-4.1.2' })).toHaveProperty([replicas], '3');
  });

  test.each([
    [1, '1', '1'],
    [2, '2', '1'],
    [3, '3', '2'],
    [9, '3', '2'],
  ])('with %d brokers replicates %s times and wants %s in sync', (count, factor, insync) => {
    expect(properties(0, config(count))).toMatchObject({
      'default.replication.factor': factor,
      'min.insync.replicas': insync,
      'offsets.topic.replication.factor': factor,
      'transaction.state.log.min.isr': insync,
    });
  });

  test('advertises a name and still binds the address, in both roles of a combined node too', () => {
    const base = {
      address: '10.0.2.9',
      rack: 'eu-west-1b',
      controllers: [{ nodeId: 0, address: 'b0.kafka.internal' }],
    };
    const of = config(1);
    const combined = {
      ...of,
      options: { ...of.options, controllers: { ...of.options.controllers, mode: 'combined' as const } },
    };
    expect(serverProperties({ ...base, config: combined, nodeId: 0, name: 'b0.kafka.internal' })).toMatchObject({
      listeners: 'PLAINTEXT://10.0.2.9:9100,CONTROLLER://10.0.2.9:9101',
      'advertised.listeners': 'PLAINTEXT://b0.kafka.internal:9100,CONTROLLER://b0.kafka.internal:9101',
      'controller.quorum.bootstrap.servers': 'b0.kafka.internal:9101',
    });
  });

  test('lets a user override each default', () => {
    const kafka = { broker_heartbeat_interval_ms: 2000, unclean_leader_election_enable: true, num_partitions: '6' };
    expect(properties(0, config(3, kafka))).toMatchObject({
      'broker.heartbeat.interval.ms': '2000',
      'unclean.leader.election.enable': 'true',
      'num.partitions': '6',
    });
  });

  test('keeps topics writable when a user sets only the replication factor', () => {
    expect(properties(0, config(3, { default_replication_factor: 1 }))).toMatchObject({
      'default.replication.factor': '1',
      'min.insync.replicas': '1',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
    });
    expect(properties(0, config(5, { default_replication_factor: 5 }))).toMatchObject({
      'min.insync.replicas': '4',
      'offsets.topic.replication.factor': '5',
    });
  });
});
