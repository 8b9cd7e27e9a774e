import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { listLiveProcesses } from '../../local/core/processes.ts';
import { cloudFolder, optFolder, root } from './folders.ts';
import { StartError } from './progress.ts';
import type { StartOptions } from './start-options.ts';

/** A local cloud that answers. `ended` resolves when its process is gone. */
export interface CloudProcess {
  readonly pid: number;
  readonly ended: Promise<void>;
}

const readyWithinMs = 120_000;
const pollMs = 250;

/**
 * Starts the local cloud in a process group of its own: Ctrl-C in this terminal must not reach it, because a stop in
 * order is asked for by this program. A cloud that a killed launcher left is taken over.
 */
export async function startCloud(options: StartOptions): Promise<CloudProcess> {
  const running = runningCloud(options.dataFolder);
  if (running !== undefined) return { pid: running, ended: goneProcess(running) };
  const logFile = join(options.dataFolder, 'cloud.log');
  mkdirSync(options.dataFolder, { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [join(root, 'local', 'main.ts'), ...cloudArguments(options)], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', log],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pid = await readyPid(child, logFile);
  return { pid, ended };
}

function cloudArguments(options: StartOptions): string[] {
  return [
    ...['--data', cloudFolder(options.dataFolder)],
    ...['--opt', optFolder],
    ...['--port', String(options.port)],
    ...['--api-port', String(options.apiPort)],
    ...['--address-prefix', options.addressPrefix],
    ...['--call-latency-ms', String(options.delays?.callMs ?? 0)],
    ...['--event-delay-ms', String(options.delays?.eventMs ?? 0)],
  ];
}

/** Pid of the cloud process that owns this data folder, if one lives. */
export function runningCloud(dataFolder: string): number | undefined {
  return listLiveProcesses(cloudFolder(dataFolder)).find(({ kind }) => kind === 'cloud')?.pid;
}

function readyPid(child: ChildProcess, logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new StartError(`the local cloud is not ready after ${readyWithinMs / 1000} s: see ${logFile}`)),
      readyWithinMs,
    );
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new StartError(`the local cloud ended with exit code ${code}: see ${logFile}`));
    });
    if (child.stdout === null || child.pid === undefined) throw new StartError('the local cloud could not be started');
    const { pid } = child;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.includes('"ready":true')) return;
      clearTimeout(timer);
      resolve(pid);
    });
  });
}

/** Resolves when a process that is not our child is gone. */
export async function goneProcess(pid: number): Promise<void> {
  while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, pollMs));
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: no such process.
    return false;
  }
}
