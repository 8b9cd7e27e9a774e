import { describe, expect, test } from '@jest/globals';
import {
  familyOf,
  type LaunchInput,
  nodeRunRequest,
  nodeTaskDefinition,
  parseStartedBy,
  prepareRunRequest,
  prepareTaskDefinition,
  startedByOf,
} from '../../../../lib/model/broker/node-task.ts';
import { serverProperties } from '../../../../lib/model/broker/server-properties.ts';
import { startCommand } from '../../../../lib/model/broker/start-command.ts';
import type { ServiceConfig } from '../../../../lib/model/service/config.ts';
import { healthCheckDefaults } from '../../../support/health-check-defaults.ts';
import { replacementDefaults } from '../../../support/replacement-defaults.ts';

const config: ServiceConfig = {
  id: 'config-1',
  packageVersion: '1.0.0-4.3.1',
  options: {
    service: {
      name: 'orders',
      placement_constraint: '[["hostname","MAX_PER","1"]]',
      deploy_strategy: 'serial',
      rollback: 'manual',
      canary_limit_secs: 600,
      minimum_soak_secs: 0,
      ...healthCheckDefaults,
      ...replacementDefaults,
      rlimits: { rlimit_nofile: { soft: 128_000, hard: 128_000 } },
    },
    brokers: {
      count: 3,
      cpus: 1,
      mem: 2048,
      heap: { size: 1024 },
      disk: 5000,
      disk_type: 'ROOT',
      port: 9092,
      kill_grace_period: 300,
      ...{ failover_delay: '10s', failover_max_delay: '60s' },
    },
    controllers: {
      ...{ mode: 'dedicated', count: 3, cpus: 0.5, mem: 1024, heap: { size: 512 }, disk: 5000, port: 9093 },
      ...{ failover_delay: '10s', failover_max_delay: '60s' },
    },
    kafka: { log_retention_hours: 24 },
  },
};

const input: LaunchInput = {
  target: {
    ...{ service: 'orders', configId: 'config-1', packageVersion: '1.0.0-4.3.1', createdAt: 1 },
    ...{ clusterId: 'MkU3OEVBNTcwNTJENDM2Qg', brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002] },
  },
  config,
  nodeId: 1,
  volumeId: 'vol-0123456789abcdef0',
  logGroup: '/warden/tasks',
  logRegion: 'eu-west-1',
  taskDefinitionArn: 'arn:definition',
  host: { instanceId: 'i-1', containerInstanceArn: 'arn:host', address: '10.0.0.1', zone: 'eu-west-1a' },
  attempt: 7,
};

describe('the task definition of a node', () => {
  test('holds what changes seldom: image, port, disk, time to stop', () => {
    expect(nodeTaskDefinition(input)).toMatchObject({
      family: 'warden-orders-kafka-1-broker',
      image: 'apache/kafka:4.3.1',
      cpuUnits: 1024,
      memoryReservationMiB: 2048,
      ports: [9092],
      stopTimeoutSeconds: 300,
      privileged: false,
      mount: {
        device: '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0',
        containerPath: '/var/lib/kafka/data',
        fileSystem: 'xfs',
      },
      dockerLabels: { 'stop.wave': '1' },
    });
  });

  test('takes a controller’s own options and lets it stop after the brokers', () => {
    const definition = nodeTaskDefinition({ ...input, nodeId: 1002 });
    expect(definition).toMatchObject({ family: 'warden-orders-controller-2-controller', cpuUnits: 512, ports: [9093] });
    expect(definition.dockerLabels).toEqual({ 'stop.wave': '2' });
  });

  test('takes the limits of open files for every node, and the kill grace period for brokers', () => {
    const rlimits = { rlimit_nofile: { soft: 200_000, hard: 300_000 } };
    const { service, brokers } = config.options;
    const options = {
      ...config.options,
      service: { ...service, rlimits },
      brokers: { ...brokers, kill_grace_period: 900 },
    };
    const wanted = { openFiles: { soft: 200_000, hard: 300_000 }, stopTimeoutSeconds: 900 };
    expect(nodeTaskDefinition({ ...input, config: { ...config, options } })).toMatchObject(wanted);
    const controller = nodeTaskDefinition({ ...input, nodeId: 1000, config: { ...config, options } });
    expect(controller).toMatchObject({ ...wanted, stopTimeoutSeconds: 300 });
  });

  test('does not change with the try, the host or the options of Kafka', () => {
    const other = { ...input, attempt: 8, host: { ...input.host, instanceId: 'i-2' } };
    const moreOptions = { ...config, options: { ...config.options, kafka: { log_retention_hours: 1 } } };
    expect(nodeTaskDefinition({ ...other, config: moreOptions })).toEqual(nodeTaskDefinition(input));
  });

  test('of the preparation mounts nothing, is privileged, and takes no port', () => {
    const definition = prepareTaskDefinition(input);
    expect(definition).toMatchObject({ family: 'warden-orders-kafka-1-preparation', privileged: true, ports: [] });
    expect(definition.mount).toBeUndefined();
    expect(definition.entryPoint).toEqual(['nsenter']);
  });
});

describe('a node that is broker and controller', () => {
  const { brokers, controllers } = config.options;
  const combined: ServiceConfig = {
    ...config,
    options: {
      ...config.options,
      brokers: { ...brokers, count: 1 },
      controllers: { ...controllers, mode: 'combined', count: 0 },
    },
  };

  test('listens on both ports and is its own quorum', () => {
    const controllerAt = [{ nodeId: 0, address: '10.0.0.1' }];
    const properties = serverProperties({
      ...{ config: combined, nodeId: 0, address: '10.0.0.1', rack: 'eu-west-1a', controllers: controllerAt },
    });
    expect(properties).toMatchObject({
      'process.roles': 'broker,controller',
      'node.id': '0',
      'controller.quorum.bootstrap.servers': '10.0.0.1:9093',
      listeners: 'PLAINTEXT://10.0.0.1:9092,CONTROLLER://10.0.0.1:9093',
      'advertised.listeners': 'PLAINTEXT://10.0.0.1:9092,CONTROLLER://10.0.0.1:9093',
      'broker.rack': 'eu-west-1a',
      'default.replication.factor': '1',
      'min.insync.replicas': '1',
    });
  });

  test('claims both ports of its host and takes the resources of a broker', () => {
    const definition = nodeTaskDefinition({ ...input, config: combined, nodeId: 0 });
    expect(definition).toMatchObject({ ports: [9092, 9093], cpuUnits: 1024, memoryReservationMiB: 2048 });
  });
});

describe('the RunTask of a node', () => {
  test('is named by service, node, purpose and try, within the lengths that ECS allows', () => {
    const longest = { ...input, nodeId: 1002, attempt: 999_999 };
    const request = nodeRunRequest(longest, 'properties', 'never');
    expect(nodeRunRequest(input, '', 'never').clientToken).toBe('MkU3OEVBNTcwNTJENDM2Qg-1-node-7');
    expect(request.clientToken.length).toBeLessThanOrEqual(64);
    expect(prepareRunRequest(longest, true).clientToken.length).toBeLessThanOrEqual(64);
    expect(request.startedBy).toBe('warden/orders/1002/node/999999');
    expect(request.group).toBe('warden:orders');
  });

  test('is the same bytes each time', () => {
    expect(JSON.stringify(nodeRunRequest(input, 'p', '--standalone'))).toBe(
      JSON.stringify(nodeRunRequest(input, 'p', '--standalone')),
    );
  });

  test('hands the program its properties, cluster, node, format and heap', () => {
    expect(nodeRunRequest(input, 'packed', '--no-initial-controllers').environment).toEqual({
      WARDEN_PROPERTIES: 'packed',
      WARDEN_CLUSTER_ID: 'MkU3OEVBNTcwNTJENDM2Qg',
      WARDEN_NODE_ID: '1',
      WARDEN_FORMAT: '--no-initial-controllers',
      KAFKA_HEAP_OPTS: '-Xms1024m -Xmx1024m',
      KAFKA_OPTS: expect.stringContaining('sasl.oauthbearer.allowed.urls='),
      WARDEN_HEALTH_CHECK: 'delay=15 interval=10 timeout=20 grace=10 limit=3',
      WARDEN_HEALTH_CHECK_AT: '10.0.0.1:9092',
    });
  });

  test('tells the watchdog the options of health checks and all listeners, and nothing when there are none', () => {
    const told = (nodeId: number, options: ServiceConfig['options']) => {
      const request = nodeRunRequest({ ...input, nodeId, config: { ...config, options } }, 'p', 'never');
      return Object.entries(request.environment).filter(([name]) => name.startsWith('WARDEN_HEALTH'));
    };
    const service = {
      ...config.options.service,
      ...{ health_check_delay_sec: 1, health_check_interval_sec: 2, health_check_timeout_sec: 30 },
      ...{ health_check_grace_period_sec: 4, health_check_max_consecutive_failures: 5 },
    };
    const check = ['WARDEN_HEALTH_CHECK', 'delay=1 interval=2 timeout=30 grace=4 limit=5'];
    const at = (listeners: string) => ['WARDEN_HEALTH_CHECK_AT', listeners];
    const { controllers } = config.options;
    const combined = { ...controllers, mode: 'combined' as const, count: 0 };
    expect(told(1000, { ...config.options, service })).toEqual([check, at('10.0.0.1:9093')]);
    expect(told(0, { ...config.options, service, controllers: combined })).toEqual([
      check,
      at('10.0.0.1:9092 10.0.0.1:9093'),
    ]);
    expect(told(1, { ...config.options, service: { ...service, enable_health_check: false } })).toEqual([]);
  });

  test('leaves its overrides to the configuration: the command stands in the task definition', () => {
    expect(nodeRunRequest(input, 'p', 'never').command).toBeUndefined();
    expect(nodeTaskDefinition(input)).toMatchObject({ entryPoint: ['bash', '-c'], command: [startCommand] });
    // Source: Amazon ECS quotas, task definition size 64 KB.
    expect(JSON.stringify(nodeTaskDefinition(input)).length).toBeLessThan(16_384);
  });

  test('of a preparation says whether a blank disk may be formatted', () => {
    expect(prepareRunRequest(input, true).environment['WARDEN_MAY_FORMAT']).toBe('yes');
    expect(prepareRunRequest(input, false).environment).toEqual({
      WARDEN_DEVICE: '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0',
      WARDEN_SERIAL: 'vol0123456789abcdef0',
      WARDEN_MAY_FORMAT: 'no',
    });
  });
});

describe('startedBy', () => {
  test('is read as it was written', () => {
    expect(parseStartedBy(startedByOf('my-kafka-2', 1001, 'preparation', 12))).toEqual({
      ...{ service: 'my-kafka-2', nodeId: 1001, purpose: 'preparation', attempt: 12 },
    });
  });

  test.each([
    '',
    'ecs-svc/1234567890',
    'warden/kafka/0/node',
    'warden/kafka/0/node/1/2',
    'warden/kafka/x/node/1',
    'warden/kafka/0/other/1',
    'warden/Kafka/0/node/1',
    'warden//0/node/1',
    ' warden/kafka/0/node/1',
  ])('of somebody else is not ours: "%s"', (startedBy) => {
    expect(parseStartedBy(startedBy)).toBeUndefined();
  });
});

describe('the families of a service', () => {
  test('differ for each node and purpose', () => {
    expect(familyOf('kafka', 0, 'node')).toBe('warden-kafka-kafka-0-broker');
    expect(familyOf('kafka', 0, 'preparation')).toBe('warden-kafka-kafka-0-preparation');
    expect(familyOf('kafka', 1000, 'node')).toBe('warden-kafka-controller-0-controller');
  });
});

describe('server.properties', () => {
  const controllers = [
    { nodeId: 1000, address: '10.0.0.1' },
    { nodeId: 1001, address: '10.0.1.1' },
  ];

  test('of a broker name its listener, rack and the controllers to begin with, and never voters', () => {
    const properties = serverProperties({ config, nodeId: 2, address: '10.0.2.1', rack: 'eu-west-1c', controllers });
    expect(properties).toMatchObject({
      'process.roles': 'broker',
      'node.id': '2',
      listeners: 'PLAINTEXT://10.0.2.1:9092',
      'advertised.listeners': 'PLAINTEXT://10.0.2.1:9092',
      'controller.quorum.bootstrap.servers': '10.0.0.1:9093,10.0.1.1:9093',
      'broker.rack': 'eu-west-1c',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'log.retention.hours': '24',
    });
    expect(properties['controller.quorum.voters']).toBeUndefined();
    expect(properties['log.dirs']).toBeUndefined();
  });

  test('of a controller carry the brokers’ options too, which it is that reads', () => {
    const properties = serverProperties({ config, nodeId: 1001, address: '10.0.1.1', rack: 'eu-west-1b', controllers });
    expect(properties).toMatchObject({
      'process.roles': 'controller',
      listeners: 'CONTROLLER://10.0.1.1:9093',
      'num.partitions': '1',
      'min.insync.replicas': '2',
      'broker.session.timeout.ms': '9000',
    });
    expect(properties['broker.rack']).toBeUndefined();
  });
});
