import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildKafkaHome } from './kafka-image.ts';
import { dropLock, takeLock } from './lock.ts';

const LOOK_EVERY_MS = 100;
const START_TIMEOUT_MS = 120_000;

/**
 * Makes the AppCDS archive of a Kafka version, as the official image has one: a throw-away node runs once, and the
 * classes that it loaded are kept in `kafka.jsa`. Done in the background after the jars have come; a broker that starts
 * before is merely slower. One maker at a time; an archive that exists is kept.
 */
export async function makeClassArchive(options: {
  readonly optFolder: string;
  readonly version: string;
  readonly log: (line: string) => void;
  /** Ends the throw-away node and gives up. */
  readonly signal?: AbortSignal;
}): Promise<void> {
  const home = buildKafkaHome(options.optFolder, options.version);
  const archive = join(home, 'kafka.jsa');
  if (existsSync(archive) || !takeLock(`${archive}.lock`)) return;
  const folder = mkdtempSync(join(tmpdir(), 'kafka-archive-'));
  try {
    const draft = `${archive}.draft`;
    await runOnce({ home, folder, signal: options.signal }, draft);
    renameSync(draft, archive);
    options.log(`made the class archive of Kafka ${options.version}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    dropLock(`${archive}.lock`);
  }
}

interface Workplace {
  readonly home: string;
  readonly folder: string;
  readonly signal: AbortSignal | undefined;
}

async function runOnce(place: Workplace, draft: string): Promise<void> {
  const { folder } = place;
  const properties = join(folder, 'server.properties');
  writeFileSync(properties, serverProperties(folder, await freePort(), await freePort()));
  mkdirSync(join(folder, 'data'));
  const format = ['kafka-storage.sh', 'format', '--standalone', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', properties];
  await ended(start(place, format));
  const node = start(place, ['kafka-server-start.sh', properties], { KAFKA_OPTS: `-XX:ArchiveClassesAtExit=${draft}` });
  await started(node, join(folder, 'log'));
  node.kill('SIGTERM');
  await ended(node);
  if (!existsSync(draft)) throw new Error(`Java wrote no class archive.\n${tail(join(folder, 'log'))}`);
}

function start(
  { home, folder, signal }: Workplace,
  command: readonly string[],
  environment: Record<string, string> = {},
): ChildProcess {
  const [program = '', ...rest] = command;
  const output = openSync(join(folder, 'log'), 'a');
  // It must not slow down what the user waits for.
  const child = spawn('nice', ['-n', '10', join(home, 'bin', program), ...rest], {
    stdio: ['ignore', output, output],
    signal,
    env: {
      PATH: process.env['PATH'],
      ...(process.env['JAVA_HOME'] && { JAVA_HOME: process.env['JAVA_HOME'] }),
      KAFKA_HEAP_OPTS: '-Xmx256m',
      ...environment,
    },
  });
  closeSync(output);
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    child.once('exit', () => resolve());
    child.once('error', reject);
  });
}

async function started(child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!readFileSync(log, 'utf8').includes('Kafka Server started')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The node that makes the class archive did not start.\n${tail(log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function serverProperties(folder: string, port: number, controllerPort: number): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '0',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(folder, 'data'),
    'log.cleaner.dedupe.buffer.size': '4194304',
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-20).join('\n') : '';
}
