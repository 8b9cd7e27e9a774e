import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createKafkaProcess, type RealNode } from './kafka-process.ts';

export type { RealNode } from './kafka-process.ts';

const run = promisify(execFile);
const jvmFlags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Where a test's cluster lives. Each test file takes its own network, so that files may run side by side. */
export interface RealKafkaOptions {
  /** The first three numbers of a loopback network, for example `127.50.0`. */
  readonly network: string;
  readonly port: number;
  /** How many controllers the quorum may grow to; ids from 1000. */
  readonly controllerCount: number;
  /** More lines of server.properties, for every node. */
  readonly properties?: Readonly<Record<string, string | number>>;
  /** The folder with Kafka's jars; 4.3.1's by default. */
  readonly libsFolder?: string;
}

export interface RealKafka {
  readonly clusterId: string;
  /** All that may ever run, in the order of their ids. */
  readonly controllerAddresses: readonly RealNode['address'][];
  /** Where a node listens that may not exist yet. */
  addressOf(id: number): RealNode['address'];
  /** Formats an empty disk, in the place of the one that the id had. The first controller of a cluster is `standalone`, every other node joins. */
  createNode(id: number, kind: 'standalone' | 'joining'): Promise<RealNode>;
  /** Runs one of Kafka's own tools and answers what it prints. */
  runTool(mainClass: string, args: readonly string[]): Promise<string>;
  /** Kills what runs and removes the folder. */
  end(): Promise<void>;
}

/** Real Kafka nodes on one machine, under a folder of their own. They die with this process, however it ends. */
export function createRealKafka(options: RealKafkaOptions): RealKafka {
  const folder = mkdtempSync(join(tmpdir(), 'warden-kafka-'));
  const clusterId = 'MkU3OEVBNTcwNTJENDM2Qg';
  const classPath = classPathOf(options.libsFolder ?? '.warden/opt/kafka-4.3.1/libs');
  const logging = join(folder, 'log4j2.properties');
  writeFileSync(logging, log4j2Properties);
  const java = (args: readonly string[]): string[] => [
    ...jvmFlags,
    `-Dlog4j2.configurationFile=file:${logging}`,
    '-cp',
    classPath,
    ...args,
  ];
  const addressOf = (id: number) => ({ host: hostOf(options.network, id), port: options.port });
  const controllerIds = Array.from({ length: options.controllerCount }, (_, index) => firstControllerId + index);
  const controllerAddresses = controllerIds.map(addressOf);
  const nodes: RealNode[] = [];

  const createNode = async (id: number, kind: 'standalone' | 'joining'): Promise<RealNode> => {
    const dataFolder = join(folder, `node-${id}`);
    const config = join(folder, `node-${id}.properties`);
    await rm(dataFolder, { recursive: true, force: true });
    await mkdir(dataFolder, { recursive: true });
    const properties = propertiesOf(id, { options, dataFolder, address: addressOf(id), controllerAddresses });
    writeFileSync(config, lines(properties));
    const format = kind === 'standalone' ? '--standalone' : '--no-initial-controllers';
    const tool = ['-Xmx128m', 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config, format];
    await run('java', java(tool));
    const node = createKafkaProcess({
      id,
      address: addressOf(id),
      metaFile: join(dataFolder, 'meta.properties'),
      command: () => {
        forgetUnattachedQuorum(dataFolder);
        return { words: ['java', ...java(['-Xmx256m', 'kafka.Kafka', config])] };
      },
    });
    nodes.push(node);
    return node;
  };
  const runTool = async (mainClass: string, args: readonly string[]): Promise<string> =>
    (await run('java', java(['-Xmx128m', mainClass, ...args]))).stdout;
  const end = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()));
    rmSync(folder, { recursive: true, force: true });
  };
  return { clusterId, controllerAddresses, addressOf, createNode, runTool, end };
}

const firstControllerId = 1000;

const log4j2Properties = `status=error
rootLogger.level=INFO
rootLogger.appenderRef.console.ref=console
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
`;

/** Brokers from .10 on, controllers from .100 on. */
function hostOf(network: string, id: number): string {
  return `${network}.${id >= firstControllerId ? 100 + id - firstControllerId : 10 + id}`;
}

function classPathOf(libsFolder: string): string {
  if (!existsSync(libsFolder)) throw new Error(`${libsFolder} is missing: npm start fetches Kafka's jars`);
  return readdirSync(libsFolder)
    .sort()
    .map((name) => join(libsFolder, name))
    .join(':');
}

interface NodeContext {
  readonly options: RealKafkaOptions;
  readonly dataFolder: string;
  readonly address: RealNode['address'];
  readonly controllerAddresses: readonly RealNode['address'][];
}

/** Small buffers and fast timers: what is tested is not their defaults. */
function propertiesOf(id: number, context: NodeContext): Record<string, string | number> {
  const { host, port } = context.address;
  const isController = id >= firstControllerId;
  const listener = `${isController ? 'CONTROLLER' : 'PLAINTEXT'}://${host}:${port}`;
  return {
    'process.roles': isController ? 'controller' : 'broker',
    'node.id': id,
    'controller.quorum.bootstrap.servers': context.controllerAddresses
      .map((each) => `${each.host}:${each.port}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    listeners: listener,
    'advertised.listeners': listener,
    'log.dirs': context.dataFolder,
    ...(isController ? {} : { 'broker.rack': `rack-${id}` }),
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 9000,
    'replica.fetch.backoff.ms': 100,
    'log.cleaner.dedupe.buffer.size': 4194304,
    'offsets.topic.num.partitions': 3,
    'num.network.threads': 2,
    'num.io.threads': 3,
    'auto.leader.rebalance.enable': 'false',
    ...context.options.properties,
  };
}

function lines(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** A node that died before its first metadata append crash-loops with a quorum-state that it then holds; it never voted, so nothing is lost. */
function forgetUnattachedQuorum(dataFolder: string): void {
  const metadata = join(dataFolder, '__cluster_metadata-0');
  const log = join(metadata, '00000000000000000000.log');
  if (existsSync(log) && statSync(log).size === 0) rmSync(join(metadata, 'quorum-state'), { force: true });
}
