import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../core/processes.ts';
import { readContainerProcess } from './container-process-record.ts';
import { hasCode } from './errno.ts';
import { hostFolder } from './host-folder.ts';

const LOOK_EVERY_MS = 10;

/** A process of this machine. */
export interface MachineProcess {
  readonly pid: number;
  readonly group: number;
  /** The kernel's name of the program: java, bash, at most 15 characters. */
  readonly name: string;
  /** Whether a SIGSTOP holds it. */
  readonly isStopped: boolean;
}

/** A container of a task that lives. */
export interface LiveContainer {
  readonly instanceId: string;
  readonly taskId: string;
  readonly name: string;
  /** The wrapper, which keeps the exit code and leads the group; it stands for what is outside the container. */
  readonly wrapperPid: number;
  readonly mainPid: number;
}

/** Containers of a host whose program runs, whatever the cloud thinks of their tasks. */
export function runningContainers(dataFolder: string, instanceId: string): LiveContainer[] {
  const tasks = join(hostFolder(dataFolder, instanceId), 'tasks');
  return foldersIn(tasks).flatMap((taskId) =>
    foldersIn(join(tasks, taskId)).flatMap((name) => {
      const record = readContainerProcess(join(tasks, taskId, name));
      if (record === undefined || !isAlive(record.wrapper)) return [];
      return [{ instanceId, taskId, name, wrapperPid: record.wrapper.pid, mainPid: record.main.pid }];
    }),
  );
}

/** The processes in a container, without its wrapper. */
export function processesIn(container: LiveContainer, all: readonly MachineProcess[]): MachineProcess[] {
  return all.filter(({ pid, group }) => group === container.wrapperPid && pid !== container.wrapperPid);
}

/** All processes of this machine that can be looked at. */
export function listMachineProcesses(): MachineProcess[] {
  return existsSync('/proc/self/stat') ? listByProc() : listByPs();
}

/** Signals a process (its group, when negative) that may be gone already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it ended by itself in between.
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/**
 * Stops processes, and resolves when each is stopped or gone: until a process has been scheduled, a SIGTERM that comes
 * later would reach it first.
 */
export async function stopProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) sendSignal(pid, 'SIGSTOP');
  const goesOn = ({ pid, isStopped }: MachineProcess): boolean => pids.includes(pid) && !isStopped;
  while (listMachineProcesses().some(goesOn)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

function listByProc(): MachineProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const stat = readStat(pid);
    if (stat === undefined) return [];
    // The name stands in brackets and may hold any character: fields are counted from the last one.
    const end = stat.lastIndexOf(')');
    const [state = '', , group = ''] = stat.slice(end + 2).split(' ');
    // One that has ended is nobody's until its parent has asked for its exit code.
    if (state === 'Z' || state === 'X') return [];
    const name = stat.slice(stat.indexOf('(') + 1, end);
    return [{ pid: Number(pid), group: Number(group), name, isStopped: state === 'T' }];
  });
}

function readStat(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It ended since the folder was listed.
    return undefined;
  }
}

function listByPs(): MachineProcess[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,state=,comm='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid = '', group = '', state = '', ...command] = line.trim().split(/\s+/);
    if (state.startsWith('Z')) return [];
    const name = command.join(' ').split('/').at(-1) ?? '';
    return [{ pid: Number(pid), group: Number(group), name, isStopped: state.startsWith('T') }];
  });
}

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
