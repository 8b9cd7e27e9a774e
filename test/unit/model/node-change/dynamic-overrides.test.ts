import { describe, expect, test } from '@jest/globals';
import { kafkaDefinitions } from '../../../../lib/model/kafka/definitions.ts';
import {
  driftOf,
  expectedOverrides,
  type OverrideEntry,
  overrideChanges,
} from '../../../../lib/model/kafka/dynamic-overrides.ts';
import { ownershipOf } from '../../../../lib/model/kafka/owned-property.ts';
import { propertiesInForce } from '../../../../lib/model/kafka/properties-in-force.ts';
import { config, versions } from './a-config.ts';

function entry(name: string, value: string | null, source: string, sensitive = false): OverrideEntry {
  return { name, value, source, sensitive };
}

const ofBroker = (name: string, value: string | null) => entry(name, value, 'dynamic broker');
const ofCluster = (name: string, value: string) => entry(name, value, 'dynamic cluster default');
/** What a cluster of three brokers holds once a step of ours was there. */
const cluster = [ofCluster('min.insync.replicas', '2'), ofCluster('unclean.leader.election.enable', 'false')];
const plain = config();
const io = (threads: number) => config({ kafka: { num_io_threads: threads } });

describe.each(versions)('the overrides that a broker of Kafka %s is to have', (version) => {
  const of = (kafka: object) => config({ kafka }, version);
  const between = (before: object, after: object) => {
    const { broker, cluster: wanted } = expectedOverrides(of(before), of(after));
    return { broker: Object.fromEntries(broker), cluster: Object.fromEntries(wanted) };
  };

  test('are none when it was started with its config, and the cluster holds what controllers decide by', () => {
    expect(between({ num_io_threads: 9 }, { num_io_threads: 9 })).toEqual({
      broker: {},
      cluster: { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'false' },
    });
  });

  test('are the exact values of the target, as text', () => {
    const after = {
      ...{ num_io_threads: 12, log_retention_ms: 3_600_000, log_cleaner_min_cleanable_ratio: 0.25 },
      ...{ log_flush_interval_messages: '9223372036854775806', log_preallocate: true, compression_type: 'zstd' },
    };
    expect(between({}, after).broker).toEqual({
      'num.io.threads': '12',
      'log.retention.ms': '3600000',
      'log.cleaner.min.cleanable.ratio': '0.25',
      'log.flush.interval.messages': '9223372036854775806',
      'log.preallocate': 'true',
      'compression.type': 'zstd',
    });
  });

  test('are the defaults of what its file still sets and the target leaves out', () => {
    const before = {
      num_io_threads: 12,
      log_cleanup_policy: 'compact',
      max_connections_per_ip_overrides: '10.0.0.7:9',
    };
    expect(between(before, {}).broker).toEqual({
      'num.io.threads': '8',
      'log.cleanup.policy': 'delete',
      'max.connections.per.ip.overrides': '',
    });
  });

  test('follow the property that speaks for one without a default', () => {
    const times = {
      log_retention_ms: 1_000,
      log_roll_ms: 2_000,
      log_roll_jitter_ms: 3_000,
      log_flush_interval_ms: 4_000,
    };
    expect(between(times, {}).broker).toEqual({
      'log.retention.ms': '604800000',
      'log.roll.ms': '604800000',
      'log.roll.jitter.ms': '0',
      'log.flush.interval.ms': '9223372036854775807',
    });
    const unlimited = { log_retention_hours: -1 };
    expect(between({ ...unlimited, ...times }, unlimited).broker['log.retention.ms']).toBe('-1');
    const minutes = { log_retention_minutes: 90, log_retention_hours: 5, log_roll_hours: 2 };
    expect(between({ ...minutes, ...times }, minutes).broker).toMatchObject({
      'log.retention.ms': '5400000',
      'log.roll.ms': '7200000',
    });
  });

  test('never hold what belongs to the cluster', () => {
    const after = { min_insync_replicas: 1, unclean_leader_election_enable: true };
    expect(between({}, after)).toEqual({
      broker: {},
      cluster: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
    });
  });

  test('leave out what takes a restart', () => {
    expect(between({}, { num_partitions: 6, log_retention_hours: 5 }).broker).toEqual({});
  });

  test('can be given for each dynamic property: all have a value without being set', () => {
    const { textOf } = propertiesInForce(of({}));
    const names = [...kafkaDefinitions(version).values()]
      .filter(({ name, updateMode }) => updateMode !== undefined && ownershipOf(name) === undefined)
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => textOf(name) === undefined)).toEqual([]);
  });
});

describe('what is asked of Kafka', () => {
  test('is nothing when all is as expected, in any spelling of Kafka’s', () => {
    const target = config({ kafka: { num_io_threads: 9, log_cleaner_io_max_bytes_per_second: 1e9 } });
    const broker = [
      ofBroker('num.io.threads', '9'),
      ofBroker('log.cleaner.io.max.bytes.per.second', '1.0E9'),
      entry('log.retention.hours', '168', 'default'),
      entry('num.partitions', '1', 'static broker'),
      ofCluster('min.insync.replicas', '2'),
    ];
    expect(overrideChanges({ broker, cluster }, expectedOverrides(plain, target))).toEqual({ broker: [], cluster: [] });
  });

  test('is the new value of the broker, and of the cluster what the controllers decide by', () => {
    const target = config({ kafka: { log_retention_ms: 60_000, min_insync_replicas: 1 } });
    const broker = [entry('log.retention.ms', null, 'default'), entry('min.insync.replicas', '2', 'static broker')];
    expect(overrideChanges({ broker, cluster: [] }, expectedOverrides(plain, target))).toEqual({
      broker: [{ type: 'set', name: 'log.retention.ms', value: '60000' }],
      cluster: [
        { type: 'set', name: 'min.insync.replicas', value: '1' },
        { type: 'set', name: 'unclean.leader.election.enable', value: 'false' },
      ],
    });
  });

  test('is that an override goes which no config calls for, also one of a name that Kafka does not know', () => {
    const broker = [ofBroker('log.retention.ms', '5'), ofBroker('no.such.property', null)];
    const drifted = [...cluster, ofCluster('compression.type', 'gzip')];
    expect(overrideChanges({ broker, cluster: drifted }, expectedOverrides(plain, plain))).toEqual({
      broker: [
        { type: 'delete', name: 'log.retention.ms' },
        { type: 'delete', name: 'no.such.property' },
      ],
      cluster: [{ type: 'delete', name: 'compression.type' }],
    });
  });

  test('is the deletion of an override that a restart has put into the file', () => {
    const broker = [ofBroker('num.io.threads', '9')];
    expect(overrideChanges({ broker, cluster }, expectedOverrides(io(9), io(9))).broker).toEqual([
      { type: 'delete', name: 'num.io.threads' },
    ]);
  });

  test('is never the deletion of what the controllers decide by', () => {
    const drifted = [ofCluster('min.insync.replicas', '1'), ofCluster('unclean.leader.election.enable', 'true')];
    expect(overrideChanges({ broker: [], cluster: drifted }, expectedOverrides(plain, plain)).cluster).toEqual([
      { type: 'set', name: 'min.insync.replicas', value: '2' },
      { type: 'set', name: 'unclean.leader.election.enable', value: 'false' },
    ]);
    const ownMinimum = [ofBroker('min.insync.replicas', '1')];
    expect(overrideChanges({ broker: ownMinimum, cluster }, expectedOverrides(plain, plain)).broker).toEqual([
      { type: 'delete', name: 'min.insync.replicas' },
    ]);
  });

  test('grows and shrinks a pool of threads in the steps that Kafka takes', () => {
    const next = (inForce: OverrideEntry, threads: number) =>
      overrideChanges({ broker: [inForce], cluster }, expectedOverrides(plain, io(threads))).broker;
    const started = entry('num.io.threads', '8', 'default');
    expect(next(started, 16)).toEqual([{ type: 'set', name: 'num.io.threads', value: '16' }]);
    expect(next(started, 40)).toEqual([{ type: 'set', name: 'num.io.threads', value: '16' }]);
    expect(next(ofBroker('num.io.threads', '16'), 40)).toEqual([{ type: 'set', name: 'num.io.threads', value: '32' }]);
    expect(next(ofBroker('num.io.threads', '32'), 40)).toEqual([{ type: 'set', name: 'num.io.threads', value: '40' }]);
    expect(next(ofBroker('num.io.threads', '9'), 2)).toEqual([{ type: 'set', name: 'num.io.threads', value: '4' }]);
    expect(next(ofBroker('num.io.threads', '4'), 2)).toEqual([{ type: 'set', name: 'num.io.threads', value: '2' }]);
  });

  test('brings drift of a pool of threads near its own value before it is deleted', () => {
    const next = (value: string) =>
      overrideChanges({ broker: [ofBroker('num.io.threads', value)], cluster }, expectedOverrides(plain, plain)).broker;
    expect(next('40')).toEqual([{ type: 'set', name: 'num.io.threads', value: '20' }]);
    expect(next('17')).toEqual([{ type: 'delete', name: 'num.io.threads' }]);
    expect(next('3')).toEqual([{ type: 'set', name: 'num.io.threads', value: '6' }]);
    expect(next('4')).toEqual([{ type: 'delete', name: 'num.io.threads' }]);
  });

  test('leaves loggers and the throttles of a reassignment alone', () => {
    const broker = [
      entry('kafka.server.KafkaApis', 'DEBUG', 'dynamic logger'),
      ofBroker('leader.replication.throttled.rate', '1000000'),
      ofBroker('follower.replication.throttled.rate', '1000000'),
      ofBroker('replica.alter.log.dirs.io.max.bytes.per.second', '1000000'),
    ];
    expect(overrideChanges({ broker, cluster }, expectedOverrides(plain, plain)).broker).toEqual([]);
    expect(driftOf({ broker, cluster }, expectedOverrides(plain, plain))).toEqual([]);
  });
});

describe('drift', () => {
  test('is none while Kafka has what the config says', () => {
    expect(driftOf({ broker: [ofBroker('num.io.threads', '9')], cluster }, expectedOverrides(plain, io(9)))).toEqual(
      [],
    );
    expect(driftOf({ broker: [], cluster }, expectedOverrides(plain, plain))).toEqual([]);
  });

  test('names resource, property and value, and what it goes back to', () => {
    const broker = [
      ofBroker('num.io.threads', '10'),
      ofBroker('log.retention.ms', '5'),
      ofBroker('no.such.property', 'x'),
    ];
    const drifted = [ofCluster('min.insync.replicas', '1'), ofCluster('compression.type', 'gzip')];
    expect(driftOf({ broker, cluster: drifted }, expectedOverrides(plain, io(9)))).toEqual([
      { resource: 'broker', name: 'log.retention.ms', value: '5', expected: '604800000' },
      { resource: 'broker', name: 'no.such.property', value: 'x' },
      { resource: 'broker', name: 'num.io.threads', value: '10', expected: '9' },
      { resource: 'cluster default', name: 'compression.type', value: 'gzip', expected: 'producer' },
      { resource: 'cluster default', name: 'min.insync.replicas', value: '1', expected: '2' },
      { resource: 'cluster default', name: 'unclean.leader.election.enable', expected: 'false' },
    ]);
  });

  test('is also an override of ours that somebody took away', () => {
    const broker = [entry('num.io.threads', '8', 'default')];
    expect(driftOf({ broker, cluster }, expectedOverrides(plain, io(9)))).toEqual([
      { resource: 'broker', name: 'num.io.threads', value: '8', expected: '9' },
    ]);
  });

  test('is also a cluster default that somebody took away, which then has no value', () => {
    const left = [ofCluster('unclean.leader.election.enable', 'false')];
    expect(driftOf({ broker: [], cluster: left }, expectedOverrides(plain, plain))).toEqual([
      { resource: 'cluster default', name: 'min.insync.replicas', expected: '2' },
    ]);
  });

  test('is no other spelling of a list', () => {
    const target = config({ kafka: { log_cleanup_policy: ' compact , delete' } });
    const broker = [ofBroker('log.cleanup.policy', 'compact,delete')];
    expect(driftOf({ broker, cluster }, expectedOverrides(plain, target))).toEqual([]);
    expect(overrideChanges({ broker, cluster }, expectedOverrides(plain, target)).broker).toEqual([]);
  });

  test('shows no secret', () => {
    const broker = [
      ofBroker('ssl.keystore.password', null),
      entry('listener.name.x.sasl.jaas.config', 'secret', 'dynamic broker', true),
    ];
    const shown = driftOf({ broker, cluster }, expectedOverrides(plain, plain));
    expect(shown.map(({ name, value }) => ({ name, value }))).toEqual([
      { name: 'listener.name.x.sasl.jaas.config', value: 'hidden' },
      { name: 'ssl.keystore.password', value: 'hidden' },
    ]);
  });
});
