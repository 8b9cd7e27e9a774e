import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { forgetProcess, isAlive, listLiveProcesses, type RecordedProcess, recordProcess } from '../core/processes.ts';
import type { Cloud } from '../core/service.ts';

/** A server that answered, ours or one that a crashed cloud left. */
export interface ServerProcess {
  readonly record: RecordedProcess;
  readonly port: number;
}

const MAIN = fileURLToPath(new URL('./LoopbackServer.java', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 25;

/** Adopts the server that this data folder's last cloud left running, or starts one; its data is the same. */
export async function startServer(cloud: Cloud, onExit: () => void): Promise<ServerProcess> {
  const left = readLeft(cloud);
  if (left !== undefined && (await answers(left.port))) {
    cloud.log(`dynamodb: adopted the server with pid ${left.record.pid}`);
    return left;
  }
  // Alive but silent: it would hold the database's lock.
  if (left !== undefined) await killServer(cloud, left, 'SIGKILL');
  // A crash between the start of a server and its record leaves one that only the list of processes knows.
  const strays = listLiveProcesses(cloud.dataFolder).filter(({ kind }) => kind === 'dynamodb');
  for (const record of strays) await killServer(cloud, { record }, 'SIGKILL');
  return spawnServer(cloud, onExit);
}

/** Ends a server and waits until it is gone. */
export async function killServer(
  cloud: Cloud,
  { record }: Pick<ServerProcess, 'record'>,
  signal: NodeJS.Signals,
): Promise<void> {
  if (isAlive(record)) process.kill(record.pid, signal);
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(record)) {
    if (Date.now() > deadline && isAlive(record)) process.kill(record.pid, 'SIGKILL');
    await delay(LOOK_EVERY_MS);
  }
  forgetProcess(cloud.dataFolder, record.pid);
  rmSync(recordFile(cloud), { force: true });
}

async function spawnServer(cloud: Cloud, onExit: () => void): Promise<ServerProcess> {
  const folder = join(cloud.dataFolder, 'dynamodb');
  const databaseFolder = join(folder, 'database');
  const logFile = join(folder, 'server.log');
  mkdirSync(databaseFolder, { recursive: true });
  const port = await freePort();
  const log = openSync(logFile, 'w');
  // A process group of its own: Ctrl-C at the terminal must not end the table before its users.
  const child = spawn('java', serverArguments(cloud, { port, databaseFolder }), {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: folder,
  });
  closeSync(log);
  const exited = once(child, 'exit');
  await Promise.race([once(child, 'spawn'), failed(exited, logFile)]);
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw new Error('dynamodb: java has no pid');
  const started = { record: recordProcess(cloud.dataFolder, pid, 'dynamodb'), port };
  writeFileSync(recordFile(cloud), JSON.stringify(started));
  await Promise.race([untilAnswers(port, logFile), failed(exited, logFile)]);
  child.once('exit', onExit);
  return started;
}

function serverArguments(cloud: Cloud, { port, databaseFolder }: { port: number; databaseFolder: string }): string[] {
  const libs = join(cloud.optFolder, 'dynamodb-local', 'libs');
  if (!existsSync(libs)) throw new Error(`dynamodb: no jars in ${libs}; fetch them with npm start`);
  const memory = ['-Xmx192m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const classes = [`-Djava.library.path=${libs}`, '-cp', `${libs}/*`, MAIN];
  return [...memory, ...classes, '-dbPath', databaseFolder, '-sharedDb', '-port', String(port), '-disableTelemetry'];
}

async function untilAnswers(port: number, logFile: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error(`dynamodb: no answer in ${START_TIMEOUT_MS} ms. ${lastWords(logFile)}`);
    await delay(LOOK_EVERY_MS);
  }
}

async function failed(exited: Promise<unknown[]>, logFile: string): Promise<never> {
  try {
    const [code, signal] = await exited;
    throw new Error(`dynamodb: the server ended with ${code ?? signal}. ${lastWords(logFile)}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error('dynamodb: there is no program java; install a JDK of version 17 or newer', { cause: error });
    throw error;
  }
}

function lastWords(logFile: string): string {
  return `Its log ${logFile} ends: ${readFileSync(logFile, 'utf8').slice(-600)}`;
}

/** Any HTTP answer will do: the server listens once its database is open. */
async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    // Refused or silent, which is what was asked.
    return false;
  }
}

function readLeft(cloud: Cloud): ServerProcess | undefined {
  if (!existsSync(recordFile(cloud))) return undefined;
  const left: ServerProcess = JSON.parse(readFileSync(recordFile(cloud), 'utf8'));
  return isAlive(left.record) ? left : undefined;
}

function recordFile(cloud: Cloud): string {
  return join(cloud.dataFolder, 'dynamodb', 'server.json');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error(`dynamodb: no free port (${String(address)})`);
}
