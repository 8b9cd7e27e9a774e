import { describe, expect, test } from '@jest/globals';
import { registerInput, runInput, taskView } from '../../../lib/aws/ecs-shapes.ts';
import type { TaskDefinitionSpec } from '../../../lib/model/broker/task-definition.ts';

const spec: TaskDefinitionSpec = {
  family: 'warden-kafka-kafka-0-broker',
  containerName: 'kafka',
  image: 'apache/kafka:4.3.1',
  entryPoint: ['bash', '-c'],
  command: ['exit 78'],
  cpuUnits: 1024,
  memoryReservationMiB: 2048,
  ports: [9092],
  stopTimeoutSeconds: 300,
  openFiles: { soft: 128_000, hard: 256_000 },
  mount: { device: '/dev/disk/by-id/x', containerPath: '/var/lib/kafka/data', fileSystem: 'xfs' },
  privileged: false,
  logGroup: '/warden/tasks',
  logRegion: 'eu-west-1',
  logStreamPrefix: 'kafka',
  dockerLabels: { 'stop.wave': '1' },
  tags: { 'warden:service': 'kafka' },
};

describe('a task definition in ECS’s words', () => {
  test('of a node has the host’s network, an init process and one docker volume of scope task', () => {
    expect(registerInput(spec, 'hash')).toEqual({
      family: 'warden-kafka-kafka-0-broker',
      networkMode: 'host',
      requiresCompatibilities: ['EC2'],
      containerDefinitions: [
        {
          name: 'kafka',
          image: 'apache/kafka:4.3.1',
          essential: true,
          entryPoint: ['bash', '-c'],
          command: ['exit 78'],
          cpu: 1024,
          memoryReservation: 2048,
          portMappings: [{ containerPort: 9092, hostPort: 9092, protocol: 'tcp' }],
          stopTimeout: 300,
          ulimits: [{ name: 'nofile', softLimit: 128_000, hardLimit: 256_000 }],
          linuxParameters: { initProcessEnabled: true },
          dockerLabels: { 'stop.wave': '1' },
          mountPoints: [{ sourceVolume: 'data', containerPath: '/var/lib/kafka/data', readOnly: false }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': '/warden/tasks',
              'awslogs-region': 'eu-west-1',
              'awslogs-stream-prefix': 'kafka',
            },
          },
        },
      ],
      volumes: [
        {
          name: 'data',
          dockerVolumeConfiguration: {
            scope: 'task',
            driver: 'local',
            driverOpts: { type: 'xfs', device: '/dev/disk/by-id/x', o: 'noatime' },
          },
        },
      ],
      tags: [
        { key: 'warden:service', value: 'kafka' },
        { key: 'warden:content', value: 'hash' },
      ],
    });
  });

  test('of the preparation is root in the host’s process namespace and mounts nothing', () => {
    const { mount: _mount, ...unmounted } = spec;
    const input = registerInput({ ...unmounted, privileged: true, ports: [] }, 'hash');
    expect(input.pidMode).toBe('host');
    expect(input.volumes).toBeUndefined();
    expect(input.containerDefinitions?.[0]).toMatchObject({ privileged: true, user: 'root', portMappings: [] });
    expect(input.containerDefinitions?.[0]?.mountPoints).toBeUndefined();
  });
});

describe('a RunTask in ECS’s words', () => {
  test('is pinned to one instance and carries what changes from start to start in its overrides', () => {
    const input = runInput(
      {
        taskDefinitionArn: 'arn:definition:3',
        containerName: 'kafka',
        instanceId: 'i-0123456789abcdef0',
        clientToken: 'token',
        startedBy: 'warden/kafka/0/node/1',
        group: 'warden:kafka',
        command: ['echo'],
        environment: { A: '1', B: '2' },
        cpuUnits: 512,
        memoryReservationMiB: 1024,
        tags: { 'warden:node': '0' },
      },
      'warden',
    );
    expect(input).toEqual({
      cluster: 'warden',
      taskDefinition: 'arn:definition:3',
      launchType: 'EC2',
      count: 1,
      clientToken: 'token',
      startedBy: 'warden/kafka/0/node/1',
      group: 'warden:kafka',
      placementConstraints: [{ type: 'memberOf', expression: "ec2InstanceId in ['i-0123456789abcdef0']" }],
      overrides: {
        containerOverrides: [
          {
            name: 'kafka',
            command: ['echo'],
            environment: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
            cpu: 512,
            memoryReservation: 1024,
          },
        ],
      },
      tags: [{ key: 'warden:node', value: '0' }],
    });
  });
});

describe('a task of DescribeTasks in our words', () => {
  test('has the exit code of its container and times in milliseconds once it stopped', () => {
    const view = taskView({
      taskArn: 'arn:task',
      version: 7,
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      group: 'warden:kafka',
      startedBy: 'warden/kafka/0/node/1',
      containerInstanceArn: 'arn:host',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppedAt: new Date('2026-01-02T03:04:05.678Z'),
      containers: [{ name: 'kafka', exitCode: 0, lastStatus: 'STOPPED' }],
    });
    expect(view).toEqual({
      taskArn: 'arn:task',
      version: 7,
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      group: 'warden:kafka',
      startedBy: 'warden/kafka/0/node/1',
      containerInstanceArn: 'arn:host',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      stoppedAt: 1_767_323_045_678,
      exitCode: 0,
    });
  });

  describe('that was stopped before it had a container', () => {
    const stopped = {
      ...{ taskArn: 'arn:task', version: 3, lastStatus: 'STOPPED', desiredStatus: 'STOPPED' },
      ...{ stopCode: 'UserInitiated' as const, containers: [{ name: 'kafka', lastStatus: 'STOPPED' }] },
    };
    const toldAt = new Date('2026-01-02T03:04:05.678Z');

    test('says so once its agent has told of the end', () => {
      expect(taskView({ ...stopped, executionStoppedAt: toldAt }).withoutContainer).toBe(true);
    });

    test.each([
      ['ECS alone calls it stopped', stopped],
      ['it had started', { ...stopped, executionStoppedAt: toldAt, startedAt: toldAt }],
      [
        'docker had made its container',
        { ...stopped, executionStoppedAt: toldAt, containers: [{ name: 'kafka', runtimeId: 'f00' }] },
      ],
      ['it still runs', { ...stopped, executionStoppedAt: toldAt, lastStatus: 'STOPPING' }],
    ])('does not say so when %s', (_what, task) => {
      expect(taskView(task)).not.toHaveProperty('withoutContainer');
    });
  });

  test('has no exit code while ECS gives none: that is no zero', () => {
    const view = taskView({ taskArn: 'arn:task', version: 1, lastStatus: 'PENDING', containers: [{ name: 'kafka' }] });
    expect(view).toEqual({ taskArn: 'arn:task', version: 1, lastStatus: 'PENDING', desiredStatus: '' });
  });
});
