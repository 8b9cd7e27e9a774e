import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A process that outlives its parent's crash, written down so that a later start adopts it and `npm stop` ends it. */
export interface RecordedProcess {
  readonly pid: number;
  /** What it is, for people: cloud, dynamodb, function Api, agent i-0123, task 9f2c… */
  readonly kind: string;
  /** The kernel's start time of the pid: a pid that was used again is not ours. */
  readonly startedAt: string;
}

/** Writes down a process that was just spawned. */
export function recordProcess(dataFolder: string, pid: number, kind: string): RecordedProcess {
  const record = processOf(pid, kind);
  mkdirSync(recordsFolder(dataFolder), { recursive: true });
  // Agents and the cloud write and list at once: a reader sees the whole record or none.
  const draft = join(dataFolder, `process-${pid}.new`);
  writeFileSync(draft, JSON.stringify(record));
  renameSync(draft, recordFile(dataFolder, pid));
  return record;
}

/** What tells a process from a later one with its pid, for who keeps that by himself. */
export function processOf(pid: number, kind: string): RecordedProcess {
  return { pid, kind, startedAt: startTime(pid) ?? 'gone' };
}

/** Idempotent. */
export function forgetProcess(dataFolder: string, pid: number): void {
  rmSync(recordFile(dataFolder, pid), { force: true });
}

/** The recorded processes that still run; records of others are removed. */
export function listLiveProcesses(dataFolder: string): RecordedProcess[] {
  const folder = recordsFolder(dataFolder);
  if (!existsSync(folder)) return [];
  const records = readdirSync(folder).flatMap((name) => readRecord(join(folder, name)) ?? []);
  for (const record of records) if (!isAlive(record)) forgetProcess(dataFolder, record.pid);
  return records.filter(isAlive);
}

/** Whether this very process (not a later one with its pid) runs; a zombie does not. */
export function isAlive(record: RecordedProcess): boolean {
  return startTime(record.pid) === record.startedAt;
}

/** Undefined when another process has removed the record since the folder was listed. */
function readRecord(file: string): RecordedProcess | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RecordedProcess;
  } catch (error) {
    if (existsSync(file)) throw error;
    return undefined;
  }
}

function recordsFolder(dataFolder: string): string {
  return join(dataFolder, 'processes');
}

function recordFile(dataFolder: string, pid: number): string {
  return join(recordsFolder(dataFolder), `${pid}.json`);
}

/** Start time of a live pid in the kernel's words, undefined when it is gone or a zombie. */
function startTime(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? linuxStartTime(pid) : psStartTime(pid);
}

function linuxStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command may hold spaces and brackets: fields are counted from the last bracket (state is field 3, start 22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
