import { describe, expect, test } from '@jest/globals';
import type { Refusal } from '../../../../lib/model/refusal.ts';
import type { ServiceOptions } from '../../../../lib/model/service/options.ts';
import { resolveOptions } from '../../../../lib/model/service/resolve-options.ts';
import { healthCheckDefaults } from '../../../support/health-check-defaults.ts';
import { replacementDefaults } from '../../../support/replacement-defaults.ts';

const version = '1.0.0-4.3.1';

const brokerDefaults = {
  ...{ cpus: 1, mem: 2048, heap: { size: 512 }, disk: 5000, disk_type: 'ROOT' },
  ...{ port: 0, kill_grace_period: 300, failover_delay: '10s', failover_max_delay: '60s' },
};
const minimal = { brokers: { count: 1, mem: 512, heap: { size: 500 }, disk: 1000 } };

function resolved(document: unknown): ServiceOptions {
  const result = resolveOptions(document, version);
  if (result.type === 'refused') throw new Error(JSON.stringify(result.refusals));
  return result.options;
}

function refusals(document: unknown, packageVersion = version): readonly Refusal[] {
  const result = resolveOptions(document, packageVersion);
  return result.type === 'refused' ? result.refusals : [];
}

function pointers(document: unknown): readonly string[] {
  return refusals(document).map(({ pointer }) => pointer);
}

describe('resolving an options document', () => {
  test('fills everything that is not given with the defaults of the guides', () => {
    expect(resolved(undefined)).toEqual({
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
      brokers: { ...brokerDefaults, count: 3 },
      controllers: {
        ...{ mode: 'dedicated', count: 3, cpus: 0.5, mem: 512, heap: { size: 256 }, disk: 1000, port: 0 },
        ...{ failover_delay: '10s', failover_max_delay: '60s' },
      },
      kafka: {},
    });
  });

  test('takes the minimal sample of the guide', () => {
    const { brokers, controllers } = resolved(minimal);
    expect(brokers).toEqual({ ...brokerDefaults, count: 1, mem: 512, heap: { size: 500 }, disk: 1000 });
    expect({ mode: controllers.mode, count: controllers.count }).toEqual({ mode: 'combined', count: 0 });
  });

  test('takes the custom sample of the guide', () => {
    const options = resolved({
      service: { name: 'sample-kafka-custom', placement_strategy: 'NODE' },
      brokers: { count: 10 },
      kafka: { delete_topic_enable: true, log_retention_hours: 128 },
    });
    expect(options.service.name).toBe('sample-kafka-custom');
    expect(options.service.placement_constraint).toBe('[["hostname","MAX_PER","1"]]');
    expect(options.brokers.count).toBe(10);
    expect(options.kafka).toEqual({ delete_topic_enable: true, log_retention_hours: 128 });
  });

  test.each([
    [{ service: { name: 'kafka1' } }],
    [{ brokers: { disk_type: 'MOUNT' } }],
    [{ brokers: { heap: { size: 2000 } } }],
    [{ kafka: { log_retention_hours: 100 } }],
    [{ service: { deploy_strategy: 'serial', phase_strategy: 'INSTALL' } }],
    [{ service: { phase_strategy: 'STAGE' } }],
    [{ service: { deploy_strategy: 'parallel-canary' } }],
  ])('takes %j of the guides', (document) => {
    expect(pointers(document)).toEqual([]);
  });

  test('reads Kafka values that are given as text by their type', () => {
    const { kafka } = resolved({
      kafka: {
        log_retention_hours: ' 128 ',
        delete_topic_enable: 'False',
        log_flush_interval_messages: '9223372036854775807',
      },
    });
    expect(kafka).toEqual({
      log_retention_hours: 128,
      delete_topic_enable: false,
      log_flush_interval_messages: '9223372036854775807',
    });
  });

  test('names all refusals at once', () => {
    const document = {
      service: { name: 'Kafka' },
      brokers: { count: 0, mem: '2048' },
      controllers: { count: 2 },
      kafka: { num_partitions: 0, node_id: 1 },
      extra: true,
    };
    expect(new Set(pointers(document))).toEqual(
      new Set([
        '/service/name',
        '/brokers/count',
        '/brokers/mem',
        '/controllers/count',
        '/kafka/num_partitions',
        '/kafka/node_id',
        '/extra',
      ]),
    );
  });

  test.each([['kafka'], ['k'], ['kafka-2'], ['a23456789012345678901234567890bc']])('takes the name %s', (name) => {
    expect(resolved({ service: { name } }).service.name).toBe(name);
  });

  test.each([[''], ['Kafka'], ['2kafka'], ['kafka-'], ['ka__fka'], ['ka.fka'], ['a23456789012345678901234567890bcd']])(
    'refuses the name %p',
    (name) => {
      expect(pointers({ service: { name } })).toEqual(['/service/name']);
    },
  );

  test.each([
    [{ brokers: { count: 101 } }, '/brokers/count'],
    [{ brokers: { count: 2.5 } }, '/brokers/count'],
    [{ brokers: { cpus: 0 } }, '/brokers/cpus'],
    [{ brokers: { port: 9091 } }, '/brokers/port'],
    [{ brokers: { port: 9392 } }, '/brokers/port'],
    [{ brokers: { heap: 512 } }, '/brokers/heap'],
    [{ brokers: [] }, '/brokers'],
    [{ controllers: { disk: 999 } }, '/controllers/disk'],
    [{ kafka: 'x' }, '/kafka'],
    [7, ''],
  ])('refuses %j at %s', (document, pointer) => {
    expect(pointers(document)).toEqual([pointer]);
  });

  test('says what a refused value may be', () => {
    expect(refusals({ brokers: { count: '3' } })).toEqual([
      {
        pointer: '/brokers/count',
        value: '3',
        message: 'Broker count must be an integer, not the text "3"',
        allowed: 'an integer',
        hint: 'write whole digits without quotes',
      },
    ]);
  });

  test('suggests the option that a misspelt one means', () => {
    expect(refusals({ brokers: { cout: 3 } })[0]?.hint).toBe('did you mean brokers.count?');
    expect(refusals({ kafka: { log_retenton_hours: 1 } })[0]?.hint).toBe('did you mean kafka.log_retention_hours?');
    expect(refusals({ kafka: { 'log.retention.hours': 1 } })[0]?.hint).toBe('did you mean kafka.log_retention_hours?');
    expect(refusals({ brokers: { colour: 3 } })[0]?.hint).toBe('leave it out');
  });

  test('does not take names of the prototype for properties of Kafka', () => {
    expect(pointers({ kafka: { constructor: 1 } })).toEqual(['/kafka/constructor']);
    expect(pointers(JSON.parse('{"__proto__": {"a": 1}}'))).toEqual(['/__proto__']);
  });

  test('refuses a heap that leaves no memory', () => {
    expect(pointers({ brokers: { mem: 1024, heap: { size: 1024 } } })).toEqual(['/brokers/heap/size']);
    expect(pointers({ controllers: { mem: 512, heap: { size: 511 } } })).toEqual([]);
  });

  test('draws no conclusion from a value that is refused itself', () => {
    expect(pointers({ brokers: { mem: '4096', heap: { size: 3000 } } })).toEqual(['/brokers/mem']);
  });

  test('refuses one port for brokers and controllers', () => {
    expect(pointers({ brokers: { port: 9100 }, controllers: { port: 9100 } })).toEqual(['/controllers/port']);
    expect(pointers({ brokers: { port: 0 }, controllers: { port: 0 } })).toEqual([]);
  });

  test('refuses a package version that is not built in, and names those that are', () => {
    expect(refusals(undefined, '1.0.0-4.0.0')).toEqual([
      {
        pointer: '/packageVersion',
        value: '1.0.0-4.0.0',
        message: 'package version 1.0.0-4.0.0 is not supported',
        allowed: '1.0.0-3.9.2, 1.0.0-4.1.2, 1.0.0-4.3.1',
        hint: 'choose one of: 1.0.0-3.9.2, 1.0.0-4.1.2, 1.0.0-4.3.1',
      },
    ]);
  });

  test.each(['1.0.0-4.1.0', '1.0.0-4.1.1'])('refuses %s, which is unsafe, and says why', (unsafe) => {
    expect(refusals(undefined, unsafe)).toMatchObject([
      {
        pointer: '/packageVersion',
        message: `package version ${unsafe} is not supported: it accepts any JSON web token as valid (CVE-2026-33557), which 4.1.2 mends`,
        allowed: '1.0.0-3.9.2, 1.0.0-4.1.2, 1.0.0-4.3.1',
      },
    ]);
  });
});

describe('the Kafka section', () => {
  test.each([
    ['node_id', 1],
    ['process_roles', 'broker'],
    ['listeners', 'PLAINTEXT://:9092'],
    ['advertised_listeners', 'PLAINTEXT://a:9092'],
    ['listener_security_protocol_map', 'A:PLAINTEXT'],
    ['inter_broker_listener_name', 'A'],
    ['controller_listener_names', 'A'],
    ['controller_quorum_voters', '1@a:9093'],
    ['broker_rack', 'a'],
    ['log_dir', '/data'],
    ['log_dirs', '/data'],
    ['metadata_log_dir', '/data'],
    ['authorizer_class_name', 'a.B'],
    ['replica_selector_class', 'a.B'],
    ['sasl_server_callback_handler_class', 'a.B'],
    ['metric_reporters', 'a.B'],
    ['kafka_metrics_reporters', 'a.B'],
    ['config_providers', 'file'],
    ['sasl_jaas_config', 'x'],
    ['sasl_oauthbearer_token_endpoint_url', 'http://169.254.169.254/'],
    ['ssl_keystore_password', 'x'],
    ['security_providers', 'a.B'],
    ['remote_log_storage_system_enable', true],
    ['controlled_shutdown_enable', false],
    ['zookeeper_connect', 'a:2181', '1.0.0-3.9.2'],
    ['password_encoder_secret', 'x', '1.0.0-3.9.2'],
    ['control_plane_listener_name', 'A', '1.0.0-3.9.2'],
    ['broker_id_generation_enable', true, '1.0.0-3.9.2'],
    ['inter_broker_protocol_version', '3.3', '1.0.0-3.9.2'],
    ['eligible_leader_replicas_enable', true, '1.0.0-3.9.2'],
  ])('leaves %s to Warden', (option, value, packageVersion = version) => {
    const [refusal, ...others] = refusals({ kafka: { [option]: value } }, packageVersion);
    expect(others).toEqual([]);
    expect(refusal?.pointer).toBe(`/kafka/${option}`);
    expect(refusal?.message).toContain(`${option.replaceAll('_', '.')} cannot be set: `);
  });

  test('takes one line only', () => {
    expect(pointers({ kafka: { max_connections_per_ip_overrides: '10.0.0.7:1\nlog.dirs=/' } })).toEqual([
      '/kafka/max_connections_per_ip_overrides',
    ]);
  });

  test.each([
    [{ brokers: { count: 2 }, kafka: { default_replication_factor: 3 } }, '/kafka/default_replication_factor'],
    [
      { brokers: { count: 1 }, kafka: { offsets_topic_replication_factor: 3 } },
      '/kafka/offsets_topic_replication_factor',
    ],
    [{ kafka: { min_insync_replicas: 4 } }, '/kafka/min_insync_replicas'],
    [{ kafka: { offsets_topic_replication_factor: 1 } }, '/kafka/offsets_topic_replication_factor'],
    [{ kafka: { transaction_state_log_min_isr: 4 } }, '/kafka/transaction_state_log_min_isr'],
  ])('refuses %j, with which topics could not be created or written', (document, pointer) => {
    expect(new Set(pointers(document))).toEqual(new Set([pointer]));
  });

  test('takes a replication factor of 1 and a cluster of one broker', () => {
    expect(pointers({ kafka: { default_replication_factor: 1 } })).toEqual([]);
    expect(pointers({ brokers: { count: 1 } })).toEqual([]);
  });

  test.each([
    [{ broker_heartbeat_interval_ms: 5000 }, '/kafka/broker_heartbeat_interval_ms'],
    [{ broker_session_timeout_ms: 999 }, '/kafka/broker_session_timeout_ms'],
    [{ replica_lag_time_max_ms: 499 }, '/kafka/replica_lag_time_max_ms'],
    [{ queued_max_request_bytes: 1000 }, '/kafka/queued_max_request_bytes'],
    [{ group_consumer_session_timeout_ms: 44_999 }, '/kafka/group_consumer_session_timeout_ms'],
    [{ log_cleaner_threads: 128 }, '/kafka/log_cleaner_threads'],
    [{ log_retention_ms: 0 }, '/kafka/log_retention_ms'],
    [{ group_consumer_assignors: 'org.example.Mine' }, '/kafka/group_consumer_assignors'],
    [{ group_coordinator_rebalance_protocols: 'consumer' }, '/kafka/group_coordinator_rebalance_protocols'],
  ])('refuses %j, with which Kafka would not start', (kafka, pointer) => {
    expect(pointers({ kafka })).toEqual([pointer]);
  });

  test.each([
    [{ broker_heartbeat_interval_ms: 4500 }],
    [{ queued_max_request_bytes: -1 }],
    [{ group_consumer_session_timeout_ms: 45_000 }],
    [{ log_retention_ms: -1 }],
    [{ group_consumer_assignors: 'range' }],
  ])('takes %j', (kafka) => {
    expect(pointers({ kafka })).toEqual([]);
  });

  test.each([
    ['1.0.0-4.1.2', { share_coordinator_snapshot_update_records_per_snapshot: 501 }],
    ['1.0.0-3.9.2', { offsets_commit_required_acks: 2 }],
    ['1.0.0-3.9.2', { group_consumer_assignors: 'range' }],
  ])('refuses under %s %j, with which that version would not start', (packageVersion, kafka) => {
    expect(refusals({ kafka }, packageVersion)).toHaveLength(1);
  });

  test.each([
    ['1.0.0-3.9.2', { group_share_max_size: 300 }],
    ['1.0.0-3.9.2', { log_message_downconversion_enable: false }],
    ['1.0.0-3.9.2', { group_consumer_assignors: 'org.apache.kafka.coordinator.group.assignor.RangeAssignor' }],
    ['1.0.0-4.1.2', { group_consumer_assignors: 'range' }],
  ])('takes under %s %j', (packageVersion, kafka) => {
    expect(refusals({ kafka }, packageVersion)).toEqual([]);
  });

  test.each([
    ['1.0.0-3.9.2', 'share_coordinator_state_topic_replication_factor', 3],
    ['1.0.0-4.1.2', 'group_streams_initial_rebalance_delay_ms', 0],
    ['1.0.0-4.3.1', 'log_message_downconversion_enable', true],
  ])('knows no property that %s lacks: %s', (packageVersion, option, value) => {
    expect(refusals({ kafka: { [option]: value } }, packageVersion)[0]?.message).toBe(
      `this version of Kafka has no property ${option.replaceAll('_', '.')}`,
    );
  });
});
