import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const startedLine = 'Kafka Server started';
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

export interface RealNode {
  readonly id: number;
  readonly address: { readonly host: string; readonly port: number };
  /** Resolves when Kafka says that it has started; rejects with the end of its log when it exits before. */
  start(): Promise<void>;
  /** SIGTERM; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** From meta.properties. */
  directoryId(): string;
}

export interface RealKafka {
  readonly clusterId: string;
  /** All that may ever run, in the order of their ids. */
  readonly controllerAddresses: readonly RealNode['address'][];
  /** Formats the disk. The first controller of a cluster is `standalone`, every other node joins. */
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
    await mkdir(dataFolder, { recursive: true });
    const properties = propertiesOf(id, { options, dataFolder, address: addressOf(id), controllerAddresses });
    writeFileSync(config, lines(properties));
    const format = kind === 'standalone' ? '--standalone' : '--no-initial-controllers';
    const tool = ['-Xmx128m', 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', config, format];
    await run('java', java(tool));
    const node = createProcess({
      id,
      address: addressOf(id),
      dataFolder,
      command: java(['-Xmx256m', 'kafka.Kafka', config]),
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
  return { clusterId, controllerAddresses, createNode, runTool, end };
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

/**
 * Runs java under a shell that kills it when this process is gone: the end of the shell's stdin says so, even after a
 * SIGKILL of ours. SIGTERM is passed on.
 */
const guardedJava = `exec 3<&0
java "$@" </dev/null 3<&- &
java=$!
trap 'kill -TERM $java' TERM
{ read -r _ <&3; kill -KILL $java; } 2>/dev/null &
guard=$!
exec 3<&-
wait $java
wait $java 2>/dev/null
kill $guard 2>/dev/null
`;

interface ProcessSpec {
  readonly id: number;
  readonly address: RealNode['address'];
  readonly dataFolder: string;
  readonly command: readonly string[];
}

function createProcess({ id, address, dataFolder, command }: ProcessSpec): RealNode {
  let running: { readonly child: ChildProcess; readonly exited: Promise<void> } | undefined;
  const start = async (): Promise<void> => {
    if (running !== undefined) throw new Error(`node ${id} runs already`);
    forgetUnattachedQuorum(dataFolder);
    const child = spawn('sh', ['-c', guardedJava, 'sh', ...command], { stdio: ['pipe', 'pipe', 'pipe'] });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        running = undefined;
        resolve();
      });
    });
    running = { child, exited };
    await seeStarted(child, id);
  };
  const end = async (signal: 'SIGTERM' | 'stdin'): Promise<void> => {
    const ending = running;
    if (ending === undefined) return;
    if (signal === 'SIGTERM') ending.child.kill('SIGTERM');
    else ending.child.stdin?.end();
    await ending.exited;
  };
  const directoryId = (): string => {
    const id = /^directory\.id=(.+)$/m.exec(readFileSync(join(dataFolder, 'meta.properties'), 'utf8'))?.[1];
    if (id === undefined) throw new Error(`${dataFolder}/meta.properties names no directory.id`);
    return id;
  };
  return { id, address, start, stop: () => end('SIGTERM'), kill: () => end('stdin'), directoryId };
}

/** A node that died before its first metadata append crash-loops with a quorum-state that it then holds; it never voted, so nothing is lost. */
function forgetUnattachedQuorum(dataFolder: string): void {
  const metadata = join(dataFolder, '__cluster_metadata-0');
  const log = join(metadata, '00000000000000000000.log');
  if (existsSync(log) && statSync(log).size === 0) rmSync(join(metadata, 'quorum-state'), { force: true });
}

function seeStarted(child: ChildProcess, id: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let tail = '';
    const watch = (chunk: Buffer): void => {
      tail += chunk.toString();
      if (tail.includes(startedLine)) resolve();
      tail = tail.slice(-4000);
    };
    child.stdout?.on('data', watch);
    child.stderr?.on('data', watch);
    child.once('exit', () => reject(new Error(`node ${id} exited before it had started:\n${tail}`)));
  });
}
