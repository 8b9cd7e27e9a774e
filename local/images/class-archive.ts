import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { forgetProcess, recordProcess } from '../core/processes.ts';
import { hasCode } from '../hosts/errno.ts';
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
  /** Where the node works, and where it is written down. */
  readonly dataFolder: string;
  readonly version: string;
  readonly log: (line: string) => void;
  /** Ends the throw-away node and gives up. */
  readonly signal: AbortSignal;
}): Promise<void> {
  const { dataFolder, version, signal } = options;
  const home = buildKafkaHome(options.optFolder, version);
  const archive = join(home, 'kafka.jsa');
  if (existsSync(archive) || !takeLock(`${archive}.lock`)) return;
  const folder = join(dataFolder, 'class-archive', version);
  const draft = `${archive}.draft`;
  try {
    // A maker that was killed may have left its own.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'data'), { recursive: true });
    await runOnce({ home, folder, dataFolder, version, signal }, draft);
    renameSync(draft, archive);
    options.log(`made the class archive of Kafka ${version}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(draft, { force: true });
    dropLock(`${archive}.lock`);
  }
}

interface Workplace {
  readonly home: string;
  readonly folder: string;
  readonly dataFolder: string;
  readonly version: string;
  readonly signal: AbortSignal;
}

async function runOnce(place: Workplace, draft: string): Promise<void> {
  const { folder } = place;
  const properties = join(folder, 'server.properties');
  writeFileSync(properties, serverProperties(folder, await freePort(), await freePort()));
  const format = ['kafka-storage.sh', 'format', '--standalone', '-t', 'MkU3OEVBNTcwNTJENDM2Qg', '-c', properties];
  await start(place, format).over;
  const node = start(place, ['kafka-server-start.sh', properties], { KAFKA_OPTS: `-XX:ArchiveClassesAtExit=${draft}` });
  await started(node, join(folder, 'log'));
  node.child.kill('SIGTERM');
  await node.over;
  if (!existsSync(draft)) throw new Error(`Java wrote no class archive.\n${tail(join(folder, 'log'))}`);
}

/** A program of the throw-away node. `over` settles at its end; it throws when the program could not run or was ended. */
interface Program {
  readonly child: ChildProcess;
  readonly over: Promise<void>;
}

function start(
  { home, folder, dataFolder, version, signal }: Workplace,
  command: readonly string[],
  environment: Record<string, string> = {},
): Program {
  const [program = '', ...rest] = command;
  const output = openSync(join(folder, 'log'), 'a');
  // It must not slow down what the user waits for.
  const child = spawn('nice', ['-n', '10', join(home, 'bin', program), ...rest], {
    stdio: ['ignore', output, output],
    // Nothing of the node is worth an end in order.
    ...{ signal, killSignal: 'SIGKILL' },
    env: {
      PATH: process.env['PATH'],
      ...(process.env['JAVA_HOME'] && { JAVA_HOME: process.env['JAVA_HOME'] }),
      KAFKA_HEAP_OPTS: '-Xmx256m',
      ...environment,
    },
  });
  closeSync(output);
  // Written down beside its maker: a maker that is killed cannot end it.
  if (child.pid !== undefined) recordProcess(dataFolder, child.pid, `class archive node of Kafka ${version}`);
  const over = ended(child, signal).finally(() => {
    if (child.pid !== undefined) forgetProcess(dataFolder, child.pid);
  });
  // Whoever awaits it is told; until then it must not end the maker.
  over.catch(() => undefined);
  return { child, over };
}

function ended(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => (signal.aborted ? reject(signal.reason) : resolve()));
    // An abort is told before the process is gone: its exit counts.
    child.on('error', (error) => {
      if (!hasCode(error, 'ABORT_ERR') || child.pid === undefined) reject(error);
    });
  });
}

async function started({ child, over }: Program, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let isOver = false;
  const watch = over.finally(() => {
    isOver = true;
  });
  watch.catch(() => undefined);
  while (!readFileSync(log, 'utf8').includes('Kafka Server started')) {
    if (isOver) await over;
    if (isOver || Date.now() > deadline) {
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
