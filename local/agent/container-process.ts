import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetProcess, isAlive, type RecordedProcess, recordProcess } from '../core/processes.ts';
import {
  type ContainerProcessRecord,
  containerProcessFile,
  readContainerProcess,
} from '../hosts/container-process-record.ts';
import { hasCode } from '../hosts/errno.ts';
import { replaceFile } from '../hosts/host-record.ts';

const WRAPPER = fileURLToPath(new URL('container.sh', import.meta.url));

/** What a container whose processes are gone without a word reports, as containerd does. */
const KILLED_EXIT_CODE = 137;

const LOOK_FOR_PIDS_EVERY_MS = 4;
const LOOK_FOR_END_EVERY_MS = 100;
/** How long the wrapper may take to write the exit code once its program is gone. */
const WRAPPER_GRACE_MS = 2000;

/** A program to run as a container. */
export interface Launch {
  readonly folder: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly dataFolder: string;
  /** For people: `i-0123 <task id>/<container>`. */
  readonly title: string;
}

/** A container's processes, started by this agent or found by it after a restart. */
export class ContainerProcess {
  readonly record: ContainerProcessRecord;
  /** Its exit code; never rejects. */
  readonly ended: Promise<number>;

  constructor(record: ContainerProcessRecord, ended: Promise<number>) {
    this.record = record;
    this.ended = ended;
  }

  /** Asks the program (not its children) to end, as `docker stop` does. */
  terminate(): void {
    send(this.record.main, 'SIGTERM');
  }

  /** Ends the program, then whatever is left of its group. */
  async kill(): Promise<void> {
    send(this.record.main, 'SIGKILL');
    const patience = setTimeout(() => sendGroup(this.record.wrapper), WRAPPER_GRACE_MS);
    await this.ended;
    clearTimeout(patience);
  }
}

/** Starts a container's program in its own process group. */
export async function startProcess(launch: Launch): Promise<ContainerProcess> {
  const output = openSync(join(launch.folder, 'log'), 'a');
  const child = spawn(WRAPPER, [launch.folder, ...launch.arguments], {
    cwd: join(launch.folder, 'work'),
    env: { ...launch.environment },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const record = await recordWhenStarted(launch, gone);
  return new ContainerProcess(
    record,
    gone.then(() => settle(launch.folder, record, launch.dataFolder)),
  );
}

/**
 * Finds the processes of a container that an earlier agent started.
 * Undefined: they never ran, and after this call never will.
 */
export function adoptProcess(launch: Pick<Launch, 'folder' | 'dataFolder' | 'title'>): ContainerProcess | undefined {
  if (claim(launch.folder)) return undefined;
  const pids = readPids(launch.folder);
  // Claimed, but cut off before the program was started or written down: the wrapper died with its host.
  if (pids === undefined) return undefined;
  const record = readContainerProcess(launch.folder) ?? writeRecord(launch, pids);
  return new ContainerProcess(record, watchUntilEnd(launch.folder, record, launch.dataFolder));
}

async function recordWhenStarted(launch: Launch, gone: Promise<void>): Promise<ContainerProcessRecord> {
  const exit = { seen: false };
  void gone.then(() => {
    exit.seen = true;
  });
  for (;;) {
    const last = exit.seen;
    const pids = readPids(launch.folder);
    if (pids !== undefined) return writeRecord(launch, pids);
    if (last) throw new Error(`The process of ${launch.title} ended before it was started.`);
    await delay(LOOK_FOR_PIDS_EVERY_MS);
  }
}

function writeRecord(launch: Pick<Launch, 'folder' | 'dataFolder' | 'title'>, pids: Pids): ContainerProcessRecord {
  const record = {
    wrapper: recordProcess(launch.dataFolder, pids.wrapper, `container ${launch.title}`),
    main: recordProcess(launch.dataFolder, pids.main, `task ${launch.title}`),
  };
  replaceFile(containerProcessFile(launch.folder), JSON.stringify(record));
  return record;
}

async function watchUntilEnd(folder: string, record: ContainerProcessRecord, dataFolder: string): Promise<number> {
  while (isAlive(record.wrapper)) await delay(LOOK_FOR_END_EVERY_MS);
  return settle(folder, record, dataFolder);
}

/** The wrapper is gone: nothing of the container may go on, as when a container's shim dies. */
async function settle(folder: string, record: ContainerProcessRecord, dataFolder: string): Promise<number> {
  if (isAlive(record.main)) {
    sendGroup(record.wrapper);
    send(record.main, 'SIGKILL');
    while (isAlive(record.main)) await delay(LOOK_FOR_PIDS_EVERY_MS);
  }
  forgetProcess(dataFolder, record.wrapper.pid);
  forgetProcess(dataFolder, record.main.pid);
  const file = join(folder, 'exit');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : KILLED_EXIT_CODE;
}

interface Pids {
  readonly wrapper: number;
  readonly main: number;
}

function readPids(folder: string): Pids | undefined {
  const file = join(folder, 'pids');
  if (!existsSync(file)) return undefined;
  const [wrapper = '', main = ''] = readFileSync(file, 'utf8').trim().split(' ');
  return { wrapper: Number(wrapper), main: Number(main) };
}

/** Whether this call took the container's claim, which makes a wrapper that comes later end at once. */
function claim(folder: string): boolean {
  try {
    writeFileSync(join(folder, 'claim'), '', { flag: 'wx' });
    return true;
  } catch (error) {
    // The wrapper has it, or the folder was never made.
    if (hasCode(error, 'EEXIST')) return false;
    if (hasCode(error, 'ENOENT')) return true;
    throw error;
  }
}

/** A pid that is gone or was used again is left alone. */
function send(record: RecordedProcess, signal: NodeJS.Signals): void {
  if (isAlive(record)) trySignal(record.pid, signal);
}

/** The group may outlive its leader, and its number is not used again while it does. */
function sendGroup(record: RecordedProcess): void {
  trySignal(-record.pid, 'SIGKILL');
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it ended between the look and the signal.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
