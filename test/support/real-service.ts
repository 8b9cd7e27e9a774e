import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeRunRequest } from '../../lib/model/broker/node-task.ts';
import { dataMountPath, startCommand } from '../../lib/model/broker/start-command.ts';
import { firstControllerId, roleOf } from '../../lib/model/node.ts';
import type { ServiceConfig } from '../../lib/model/service/config.ts';
import { resolveOptions } from '../../lib/model/service/resolve-options.ts';
import { packedProperties } from '../../lib/operations/node/packed-properties.ts';
import { openImage } from '../../local/images/kafka-image.ts';
import { createKafkaProcess, type RealNode } from './kafka-process.ts';

const run = promisify(execFile);
/** Of the jars; another than the checkout's own where WARDEN_OPT says so. */
const optFolder = process.env['WARDEN_OPT'] ?? join(process.cwd(), '.warden', 'opt');
const clusterId = 'MkU3OEVBNTcwNTJENDM2Qg';
/** Many nodes on one small machine; the product leaves these to the image. */
const jvmFlags = '-XX:+UseSerialGC -XX:TieredStopAtLevel=1';

/** Where a test's cluster lives. Each test file takes its own network, so that files may run side by side. */
export interface RealServiceOptions {
  /** Of Kafka; one that the product supports. */
  readonly version: string;
  /** The first three numbers of a loopback network, for example `127.50.0`. */
  readonly network: string;
}

export interface RealService {
  readonly clusterId: string;
  /** What its nodes are started with. */
  readonly config: ServiceConfig;
  /** All three, in the order of their ids. */
  readonly controllerAddresses: readonly RealNode['address'][];
  /** A node that was never started. */
  createNode(id: number): RealNode;
  /** Runs one of Kafka's own programs of the image and answers what it prints. */
  runTool(program: string, args: readonly string[]): Promise<string>;
  /** Kills what runs and removes the folder. */
  end(): Promise<void>;
}

/**
 * Real Kafka nodes of one service on one machine, under a folder of their own: the product's start command and
 * server.properties in the local cloud's image. They die with this process, however it ends.
 */
export function createRealService(options: RealServiceOptions): RealService {
  const folder = mkdtempSync(join(tmpdir(), 'warden-kafka-'));
  const service: Service = { ...options, folder, config: configOf(options), home: homeOf(options.version) };
  const nodes: RealNode[] = [];
  const createNode = (id: number): RealNode => {
    const node = createNodeOf(service, id);
    nodes.push(node);
    return node;
  };
  const runTool = async (program: string, args: readonly string[]): Promise<string> =>
    (await run(join(service.home, 'bin', program), [...args], { env: { ...process.env, ...toolEnvironment } })).stdout;
  const end = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  const controllerAddresses = controllerIds.map((id) => addressOf(service, id));
  return { clusterId, config: service.config, controllerAddresses, createNode, runTool, end };
}

interface Service extends RealServiceOptions {
  readonly folder: string;
  readonly config: ServiceConfig;
  /** What stands for the image's /opt/kafka. */
  readonly home: string;
}

const brokerPort = 9092;
const controllerPort = 9093;
const brokerIds = [0, 1, 2];
const controllerIds = brokerIds.map((index) => firstControllerId + index);
const toolEnvironment = { KAFKA_HEAP_OPTS: '-Xmx128m', KAFKA_JVM_PERFORMANCE_OPTS: jvmFlags };

function homeOf(version: string): string {
  const [path] = openImage(optFolder, `apache/kafka:${version}`).paths;
  assert(path?.from === '/opt/kafka', 'the image is /opt/kafka');
  return path.to;
}

/** The defaults, but for small buffers, and no leader that moves by itself under a test. */
function configOf({ version }: RealServiceOptions): ServiceConfig {
  const packageVersion = `1.0.0-${version}`;
  const document = {
    brokers: { port: brokerPort, heap: { size: 256 } },
    controllers: { port: controllerPort },
    // A test ends the server itself, and nothing beside it may count.
    service: { enable_health_check: false },
    kafka: {
      log_cleaner_dedupe_buffer_size: 4_194_304,
      offsets_topic_num_partitions: 3,
      num_network_threads: 2,
      num_io_threads: 3,
      auto_leader_rebalance_enable: false,
    },
  };
  const resolved = resolveOptions(document, packageVersion);
  assert(resolved.type === 'resolved', JSON.stringify(resolved));
  return { id: 'config-1', packageVersion, options: resolved.options };
}

/** Brokers from .10 on, controllers from .100 on. */
function addressOf({ network }: RealServiceOptions, id: number): RealNode['address'] {
  return roleOf(id) === 'broker'
    ? { host: `${network}.${10 + id}`, port: brokerPort }
    : { host: `${network}.${100 + id - firstControllerId}`, port: controllerPort };
}

/** What the node's container is told, as RunTask carries it. */
function launchOf(service: Service, id: number, isFormatted: boolean) {
  const { config } = service;
  const { host: address } = addressOf(service, id);
  const controllers = controllerIds.map((nodeId) => ({ nodeId, address: addressOf(service, nodeId).host }));
  const host = { instanceId: 'i-1', containerInstanceArn: 'arn', address, zone: `zone-${id}` };
  const target = {
    ...{ service: 'kafka', configId: config.id, packageVersion: config.packageVersion, clusterId },
    ...{ brokerIds, controllerIds, createdAt: 0 },
  };
  const input = {
    ...{ target, config, nodeId: id, volumeId: 'vol-1', logGroup: 'group', logRegion: 'region' },
    ...{ taskDefinitionArn: 'arn', host, attempt: 1 },
  };
  const first = id === firstControllerId ? '--standalone' : '--no-initial-controllers';
  const properties = packedProperties({ config, nodeId: id, address, rack: host.zone, controllers });
  return nodeRunRequest(input, properties, isFormatted ? 'never' : first);
}

function createNodeOf(service: Service, id: number): RealNode {
  const dataFolder = join(service.folder, `node-${id}`);
  mkdirSync(dataFolder);
  const metaFile = join(dataFolder, 'kafka', 'meta.properties');
  return createKafkaProcess({
    ...{ id, metaFile, address: addressOf(service, id) },
    command: () => {
      const { environment } = launchOf(service, id, existsSync(metaFile));
      const script = startCommand.replaceAll('/opt/kafka', service.home).replaceAll(dataMountPath, dataFolder);
      return {
        words: ['bash', '-c', script],
        environment: { ...environment, KAFKA_JVM_PERFORMANCE_OPTS: jvmFlags },
      };
    },
  });
}
