import { type NodeId, podName, roleOf, taskName } from '../node.ts';
import { kafkaVersionOf, type ServiceConfig } from '../service/config.ts';
import type { NodeOptions } from '../service/options.ts';
import type { NodeHost, ServiceTarget, TaskPurpose } from '../state.ts';
import { healthCheckEnvironment } from './health-check.ts';
import { prepareCommand } from './prepare-command.ts';
import type { RunTaskRequest } from './run-task-request.ts';
import { dataMountPath, startCommand } from './start-command.ts';
import type { TaskDefinitionSpec } from './task-definition.ts';

/** A controller's shutdown waits for brokers that are still there; SIGKILL comes after it. */
const controllerStopTimeoutSeconds = 300;
const prepareOpenFiles = { soft: 1024, hard: 1024 };
const containerName = 'kafka';
const prepareMemoryMiB = 128;
const prepareCpuUnits = 128;

export interface NodeTaskInput {
  readonly target: ServiceTarget;
  readonly config: ServiceConfig;
  readonly nodeId: NodeId;
  readonly volumeId: string;
  readonly logGroup: string;
  readonly logRegion: string;
}

/** The options section of a node's role. */
export function optionsOf(config: ServiceConfig, nodeId: NodeId): NodeOptions {
  return roleOf(nodeId) === 'broker' ? config.options.brokers : config.options.controllers;
}

/** The ports that a node listens on; a combined one on both. */
export function portsOf({ options }: ServiceConfig, nodeId: NodeId): readonly number[] {
  const { brokers, controllers } = options;
  if (controllers.mode === 'combined') return [brokers.port, controllers.port];
  return [roleOf(nodeId) === 'broker' ? brokers.port : controllers.port];
}

/** One family per node: its revisions follow image, command, port and volume; everything else travels in the overrides. */
export function nodeTaskDefinition(input: NodeTaskInput): TaskDefinitionSpec {
  const { config, nodeId, target } = input;
  const { brokers, service } = config.options;
  const options = optionsOf(config, nodeId);
  return {
    family: familyOf(target.service, nodeId, 'node'),
    containerName,
    image: imageOf(config),
    entryPoint: ['bash', '-c'],
    // Not in the overrides, whose few characters are for the configuration.
    command: [startCommand],
    cpuUnits: cpuUnitsOf(options),
    memoryReservationMiB: options.mem,
    ports: portsOf(config, nodeId),
    stopTimeoutSeconds: roleOf(nodeId) === 'broker' ? brokers.kill_grace_period : controllerStopTimeoutSeconds,
    openFiles: service.rlimits.rlimit_nofile,
    mount: { device: deviceOf(input.volumeId), containerPath: dataMountPath, fileSystem: 'xfs' },
    privileged: false,
    logGroup: input.logGroup,
    logRegion: input.logRegion,
    logStreamPrefix: target.service,
    // Hosts that shut down together end tasks wave by wave: brokers need the controllers to stop cleanly.
    dockerLabels: { 'stop.wave': roleOf(nodeId) === 'broker' ? '1' : '2' },
    tags: tagsOf(target, nodeId),
  };
}

/** The one-shot task that prepares volumes; it mounts nothing itself. */
export function prepareTaskDefinition(input: NodeTaskInput): TaskDefinitionSpec {
  const { target, nodeId } = input;
  return {
    family: familyOf(target.service, nodeId, 'preparation'),
    containerName,
    image: imageOf(input.config),
    entryPoint: prepareCommand.slice(0, 1),
    command: ['--version'],
    cpuUnits: prepareCpuUnits,
    memoryReservationMiB: prepareMemoryMiB,
    ports: [],
    stopTimeoutSeconds: 30,
    openFiles: prepareOpenFiles,
    privileged: true,
    logGroup: input.logGroup,
    logRegion: input.logRegion,
    logStreamPrefix: target.service,
    dockerLabels: {},
    tags: tagsOf(target, nodeId),
  };
}

export interface LaunchInput extends NodeTaskInput {
  readonly taskDefinitionArn: string;
  readonly host: NodeHost;
  readonly attempt: number;
}

/** `--standalone` exactly once in a service's life; a volume that was in sync is never formatted again. */
export type StorageFormat = '--standalone' | '--no-initial-controllers' | 'never';

/** The RunTask of one try of a node. `properties` is server.properties gzipped in base64. */
export function nodeRunRequest(input: LaunchInput, properties: string, format: StorageFormat): RunTaskRequest {
  const options = optionsOf(input.config, input.nodeId);
  const listeners = portsOf(input.config, input.nodeId).map((port) => `${input.host.address}:${port}`);
  return {
    ...requestBase(input, 'node'),
    environment: {
      WARDEN_PROPERTIES: properties,
      WARDEN_CLUSTER_ID: input.target.clusterId,
      WARDEN_NODE_ID: String(input.nodeId),
      WARDEN_FORMAT: format,
      KAFKA_HEAP_OPTS: `-Xms${options.heap.size}m -Xmx${options.heap.size}m`,
      KAFKA_OPTS:
        '-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls= -Dorg.apache.kafka.sasl.oauthbearer.allowed.files=',
      ...healthCheckEnvironment(input.config.options.service, listeners),
    },
    cpuUnits: cpuUnitsOf(options),
    memoryReservationMiB: options.mem,
  };
}

export function prepareRunRequest(input: LaunchInput, mayFormat: boolean): RunTaskRequest {
  return {
    ...requestBase(input, 'preparation'),
    command: prepareCommand.slice(1),
    environment: {
      WARDEN_DEVICE: deviceOf(input.volumeId),
      WARDEN_SERIAL: serialOf(input.volumeId),
      WARDEN_MAY_FORMAT: mayFormat ? 'yes' : 'no',
    },
    cpuUnits: prepareCpuUnits,
    memoryReservationMiB: prepareMemoryMiB,
  };
}

/** Task definition family of a node, and of the task that prepares its volume. */
export function familyOf(service: string, nodeId: NodeId, purpose: TaskPurpose): string {
  return purpose === 'node'
    ? `warden-${service}-${taskName(nodeId)}`
    : `warden-${service}-${podName(nodeId)}-preparation`;
}

/** `warden/<service>/<nodeId>/<purpose>/<attempt>`: events are known by it before RunTask's answer is stored. */
export function startedByOf(service: string, nodeId: NodeId, purpose: TaskPurpose, attempt: number): string {
  return `warden/${service}/${nodeId}/${purpose}/${attempt}`;
}

/** What a startedBy of ours says; undefined for any other. */
export function parseStartedBy(
  startedBy: string,
):
  | { readonly service: string; readonly nodeId: NodeId; readonly purpose: TaskPurpose; readonly attempt: number }
  | undefined {
  const match = /^warden\/([a-z0-9-]+)\/(\d+)\/(node|preparation)\/(\d+)$/.exec(startedBy);
  const [, service, nodeId, purpose, attempt] = match ?? [];
  if (service === undefined || (purpose !== 'node' && purpose !== 'preparation')) return undefined;
  return { service, nodeId: Number(nodeId), purpose, attempt: Number(attempt) };
}

/** Where the log driver writes what a task of a service says. Source: ECS developer guide, awslogs-stream-prefix. */
export function logStreamOf({ service, taskArn }: { readonly service: string; readonly taskArn: string }): string {
  return `${service}/${containerName}/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;
}

function requestBase(input: LaunchInput, purpose: TaskPurpose) {
  const { target, nodeId, attempt } = input;
  return {
    taskDefinitionArn: input.taskDefinitionArn,
    containerName,
    instanceId: input.host.instanceId,
    clientToken: `${target.clusterId}-${nodeId}-${purpose}-${attempt}`,
    startedBy: startedByOf(target.service, nodeId, purpose, attempt),
    group: `warden:${target.service}`,
    tags: tagsOf(target, nodeId),
  };
}

function tagsOf(target: ServiceTarget, nodeId: NodeId): Readonly<Record<string, string>> {
  return { 'warden:service': target.service, 'warden:node': String(nodeId), 'warden:cluster-id': target.clusterId };
}

/** ECS counts a core as 1,024 units. */
export function cpuUnitsOf(options: NodeOptions): number {
  return Math.round(options.cpus * 1024);
}

function imageOf(config: ServiceConfig): string {
  return `apache/kafka:${kafkaVersionOf(config.packageVersion)}`;
}

/** EBS volumes are NVMe disks in unpredictable order: only this link is stable. */
function deviceOf(volumeId: string): string {
  return `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${serialOf(volumeId)}`;
}

function serialOf(volumeId: string): string {
  return volumeId.replace('-', '');
}
