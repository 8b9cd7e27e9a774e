import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type NodeChange, nodeChange } from '../../../../lib/model/plan/node-change.ts';
import { config, versions } from './a-config.ts';

const none: NodeChange = { type: 'none' };
const properties = (...names: readonly string[]): NodeChange => ({
  type: 'restart',
  reasons: names.map((name) => ({ type: 'property', name })),
});
const options = (...pointers: readonly string[]): NodeChange => ({
  type: 'restart',
  reasons: pointers.map((pointer) => ({ type: 'option', pointer })),
});
const dynamic = (...names: readonly string[]): NodeChange => ({ type: 'dynamic', properties: names });

type Document = Readonly<Record<string, object>>;

function changes(before: Document, after: Document, version = '4.3.1'): { broker: NodeChange; controller: NodeChange } {
  const startedWith = config(before, version);
  const target = config(after, version);
  return {
    broker: nodeChange({ nodeId: 0, startedWith }, target),
    controller: nodeChange({ nodeId: 1000, startedWith }, target),
  };
}

describe('a node', () => {
  test('that does not run is started, whatever differs', () => {
    expect(nodeChange({ nodeId: 3 }, config())).toEqual({ type: 'start' });
    expect(nodeChange({ nodeId: 3, current: config() }, config())).toEqual({ type: 'start' });
  });

  test('takes a new version of Kafka by a restart, without a reason for each default that the version changed', () => {
    const version = { type: 'restart', reasons: [{ type: 'version', from: '3.9.2', to: '4.3.1' }] };
    const startedWith = config({}, '3.9.2');
    expect(nodeChange({ nodeId: 0, startedWith }, config())).toEqual(version);
    expect(nodeChange({ nodeId: 1000, startedWith }, config())).toEqual(version);
  });

  test('gives all reasons of its restart: version, options, properties', () => {
    const startedWith = config({ brokers: { mem: 2048 } }, '4.1.2');
    const target = config({ brokers: { mem: 4096, cpus: 2 }, kafka: { num_partitions: 6, num_io_threads: 9 } });
    expect(nodeChange({ nodeId: 0, startedWith }, target)).toEqual({
      type: 'restart',
      reasons: [
        { type: 'version', from: '4.1.2', to: '4.3.1' },
        { type: 'option', pointer: '/brokers/cpus' },
        { type: 'option', pointer: '/brokers/mem' },
        { type: 'property', name: 'num.partitions' },
      ],
    });
  });

  test('is not restarted for a new version of Warden alone', () => {
    const startedWith = config();
    expect(nodeChange({ nodeId: 0, startedWith }, { ...startedWith, packageVersion: '1.1.0-4.3.1' })).toEqual(none);
  });
});

describe('an option', () => {
  test.each([
    [{ brokers: { cpus: 2 } }, '/brokers/cpus'],
    [{ brokers: { mem: 4096 } }, '/brokers/mem'],
    [{ brokers: { heap: { size: 1024 } } }, '/brokers/heap/size'],
    [{ brokers: { port: 9100 } }, '/brokers/port'],
    [{ brokers: { kill_grace_period: 600 } }, '/brokers/kill_grace_period'],
  ])('of the brokers restarts brokers alone: %j', (after, pointer) => {
    expect(changes({}, after)).toEqual({ broker: options(pointer), controller: none });
  });

  test.each([
    [{ controllers: { cpus: 0.75 } }, '/controllers/cpus'],
    [{ controllers: { mem: 4096 } }, '/controllers/mem'],
    [{ controllers: { heap: { size: 300 } } }, '/controllers/heap/size'],
  ])('of the controllers restarts controllers alone: %j', (after, pointer) => {
    expect(changes({}, after)).toEqual({ broker: none, controller: options(pointer) });
  });

  test.each([
    [{ brokers: { failover_delay: '30s' } }],
    [{ brokers: { failover_max_delay: '5m' } }],
    [{ brokers: { failover_max_tries: 3 } }],
    [{ controllers: { failover_delay: '30s', failover_max_delay: '3h', failover_max_tries: 3 } }],
  ])('on what follows a failure restarts nobody: %j', (after) => {
    expect(changes({}, after)).toEqual({ broker: none, controller: none });
    expect(changes(after, {})).toEqual({ broker: none, controller: none });
  });

  test.each([
    ['enable_health_check', false],
    ['health_check_delay_sec', 16],
    ['health_check_interval_sec', 11],
    ['health_check_timeout_sec', 21],
    ['health_check_grace_period_sec', 11],
    ['health_check_max_consecutive_failures', 4],
  ])('of health checks restarts all nodes, whose containers are told it when they start: %s', (name, value) => {
    const both = (change: NodeChange) => ({ broker: change, controller: change });
    const restarts = both(options(`/service/${name}`));
    expect(changes({}, { service: { [name]: value } })).toEqual(restarts);
    expect(changes({ service: { [name]: value } }, {})).toEqual(restarts);
  });

  test('of health checks restarts nobody while there are none', () => {
    const off = { enable_health_check: false };
    const after = { service: { ...off, health_check_interval_sec: 60 } };
    expect(changes({ service: off }, after)).toEqual({ broker: none, controller: none });
  });

  test('of health checks restarts a node that was started before there were any, but not into none', () => {
    const { options: now, ...others } = config();
    const { enable_health_check: _since, ...before } = now.service;
    const startedWith = { ...others, options: { ...now, service: before as typeof now.service } };
    expect(nodeChange({ nodeId: 0, startedWith }, config())).toEqual(options('/service/enable_health_check'));
    expect(nodeChange({ nodeId: 0, startedWith }, config({ service: { enable_health_check: false } }))).toEqual(none);
  });

  test.each([
    [{ controllers: { port: 9200 } }, ['/controllers/port']],
    [
      { service: { rlimits: { rlimit_nofile: { soft: 256_000, hard: 256_000 } } } },
      ['/service/rlimits/rlimit_nofile/hard', '/service/rlimits/rlimit_nofile/soft'],
    ],
  ])('that all nodes are made of restarts all of them: %j', (after, pointers) => {
    expect(changes({}, after)).toEqual({ broker: options(...pointers), controller: options(...pointers) });
  });

  test.each([
    { service: { placement_constraint: '' } },
    { service: { deploy_strategy: 'serial-canary' } },
    { service: { rollback: 'automatic' } },
    { service: { canary_limit_secs: 1200 } },
    { service: { minimum_soak_secs: 60 } },
    { service: { enable_replacement: true } },
    { service: { recover_in_place_grace_period_secs: 60, min_delay_between_recovers_secs: 0 } },
    { brokers: { count: 5 } },
  ])('that says how nodes are walked, placed or counted changes none that runs: %j', (after) => {
    expect(changes({}, after)).toEqual({ broker: none, controller: none });
  });
});

describe.each(versions)('a property of Kafka %s', (version) => {
  test.each([
    'num_partitions',
    'broker_session_timeout_ms',
    'metadata_max_retention_ms',
    'leader_imbalance_check_interval_seconds',
    'queued_max_requests',
    'quota_window_num',
  ])('that controllers read too restarts both: %s', (option) => {
    const change = properties(option.replaceAll('_', '.'));
    expect(changes({}, { kafka: { [option]: 20_000 } }, version)).toEqual({ broker: change, controller: change });
  });

  test('that allows the deletion of topics restarts both: the controllers refuse it', () => {
    const change = properties('delete.topic.enable');
    expect(changes({}, { kafka: { delete_topic_enable: true } }, version)).toEqual({
      broker: change,
      controller: change,
    });
  });

  test.each([
    ['offsets_topic_num_partitions', 20],
    ['log_retention_hours', 24],
    ['replica_lag_time_max_ms', 20_000],
    ['auto_create_topics_enable', false],
    ['group_initial_rebalance_delay_ms', 0],
    ['request_timeout_ms', 20_000],
  ])('that only brokers read restarts brokers alone: %s', (option, value) => {
    expect(changes({}, { kafka: { [option]: value } }, version)).toEqual({
      broker: properties(option.replaceAll('_', '.')),
      controller: none,
    });
  });

  test.each([
    ['num_io_threads', 9],
    ['log_retention_ms', 60_000],
    ['message_max_bytes', 2_000_000],
    ['min_insync_replicas', 1],
    ['unclean_leader_election_enable', true],
    ['max_connections', 5_000],
  ])('that Kafka takes while it runs restarts nobody: %s', (option, value) => {
    expect(changes({}, { kafka: { [option]: value } }, version)).toEqual({
      broker: dynamic(option.replaceAll('_', '.')),
      controller: none,
    });
  });

  test('that is given its default changes nothing, be it ours or Kafka’s', () => {
    const explicit = {
      kafka: {
        ...{ num_io_threads: '8', log_cleanup_policy: 'delete', replica_fetch_backoff_ms: 100, num_partitions: 1 },
        ...{ default_replication_factor: 3, min_insync_replicas: 2, offsets_topic_num_partitions: 50 },
        ...{ delete_topic_enable: 'False', log_retention_ms: 604_800_000, log_roll_jitter_ms: 0 },
        ...{ log_cleaner_io_max_bytes_per_second: '1.7976931348623157E308' },
      },
    };
    expect(changes({}, explicit, version)).toEqual({ broker: none, controller: none });
    expect(changes(explicit, {}, version)).toEqual({ broker: none, controller: none });
  });

  test('that goes back to its default is changed like any other', () => {
    const before = { kafka: { log_retention_ms: 60_000, num_partitions: 6 } };
    expect(changes(before, { kafka: { num_partitions: 6 } }, version).broker).toEqual(dynamic('log.retention.ms'));
    expect(changes(before, {}, version).broker).toEqual(properties('num.partitions'));
  });
});

describe('bounds of the configs of groups', () => {
  const after = { kafka: { group_consumer_max_session_timeout_ms: 70_000 } };
  const restart = properties('group.consumer.max.session.timeout.ms');

  test('are read by the controllers since Kafka 4', () => {
    expect(changes({}, after, '3.9.2')).toEqual({ broker: restart, controller: none });
    expect(changes({}, after, '4.1.2')).toEqual({ broker: restart, controller: restart });
    expect(changes({}, after, '4.3.1')).toEqual({ broker: restart, controller: restart });
  });
});

describe('a scale out', () => {
  test('from three brokers to six touches no node that runs', () => {
    expect(changes({ brokers: { count: 3 } }, { brokers: { count: 6 } })).toEqual({ broker: none, controller: none });
  });

  test('from one broker to three restarts broker and controllers, since our replication follows the count', () => {
    expect(changes({ brokers: { count: 1 } }, { brokers: { count: 3 } })).toEqual({
      broker: properties(
        'default.replication.factor',
        'offsets.topic.replication.factor',
        'share.coordinator.state.topic.min.isr',
        'share.coordinator.state.topic.replication.factor',
        'transaction.state.log.min.isr',
        'transaction.state.log.replication.factor',
      ),
      controller: properties('default.replication.factor'),
    });
  });

  test('from one broker to three touches no node when the replication is given', () => {
    const kafka = {
      ...{ default_replication_factor: 1, offsets_topic_replication_factor: 1, min_insync_replicas: 1 },
      ...{ transaction_state_log_replication_factor: 1, transaction_state_log_min_isr: 1 },
      ...{ share_coordinator_state_topic_replication_factor: 1, share_coordinator_state_topic_min_isr: 1 },
    };
    expect(changes({ brokers: { count: 1 }, kafka }, { brokers: { count: 3 }, kafka })).toEqual({
      broker: none,
      controller: none,
    });
  });
});

describe('a combined node', () => {
  const combined = { brokers: { count: 1 }, controllers: { mode: 'combined' } };

  test('is restarted for what either role reads, and takes the rest while it runs', () => {
    const change = (after: Document) =>
      nodeChange({ nodeId: 0, startedWith: config(combined) }, config({ ...combined, ...after }));
    expect(change({ kafka: { metadata_max_retention_ms: 1_000_000 } })).toEqual(
      properties('metadata.max.retention.ms'),
    );
    expect(change({ kafka: { offsets_topic_num_partitions: 20 } })).toEqual(properties('offsets.topic.num.partitions'));
    expect(change({ controllers: { mode: 'combined', port: 9300 } })).toEqual(options('/controllers/port'));
    expect(change({ kafka: { num_io_threads: 10 } })).toEqual(dynamic('num.io.threads'));
  });
});

describe('a broker that took changes while it ran', () => {
  const started = config({}, '4.3.1', 'config-1');
  const taken = config({ kafka: { num_io_threads: 9 } }, '4.3.1', 'config-2');

  test('has nothing to change for the config that it has', () => {
    expect(nodeChange({ nodeId: 0, startedWith: started, current: taken }, taken)).toEqual(none);
  });

  test('takes the way back while it runs', () => {
    expect(nodeChange({ nodeId: 0, startedWith: started, current: taken }, started)).toEqual(dynamic('num.io.threads'));
  });

  test('is restarted when the file of its process is no longer right', () => {
    const target = config({ kafka: { num_io_threads: 9, num_partitions: 3 } });
    expect(nodeChange({ nodeId: 0, startedWith: started, current: taken }, target)).toEqual(
      properties('num.partitions'),
    );
  });
});

test('a node whose configs differ in nothing has nothing to change', () => {
  const kafka = fc.record(
    {
      num_io_threads: fc.integer({ min: 1, max: 64 }),
      num_partitions: fc.integer({ min: 1, max: 1_000 }),
      log_retention_hours: fc.integer({ min: 1, max: 1_000 }),
      log_retention_ms: fc.integer({ min: 1, max: 1_000_000_000 }),
      unclean_leader_election_enable: fc.boolean(),
      log_cleaner_min_cleanable_ratio: fc.double({ min: 0, max: 1, noNaN: true }),
      log_cleanup_policy: fc.constantFrom('delete', 'compact', 'compact,delete'),
    },
    { requiredKeys: [] },
  );
  const document = fc.record({
    brokers: fc.record({ count: fc.integer({ min: 1, max: 9 }), mem: fc.integer({ min: 2_048, max: 9_000 }) }),
    kafka,
  });
  fc.assert(
    fc.property(document, fc.constantFrom(...versions), fc.constantFrom(0, 7, 1000, 1002), (given, version, nodeId) => {
      const startedWith = config(given, version, 'config-1');
      const target = config(structuredClone(given), version, 'config-2');
      expect(nodeChange({ nodeId, startedWith }, target)).toEqual(none);
      expect(nodeChange({ nodeId, startedWith, current: target }, target)).toEqual(none);
    }),
    { numRuns: 300 },
  );
});
