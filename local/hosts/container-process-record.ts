import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedProcess } from '../core/processes.ts';

/** The two processes of a container: the wrapper that keeps the exit code, and the program itself. */
export interface ContainerProcessRecord {
  readonly wrapper: RecordedProcess;
  readonly main: RecordedProcess;
}

/** Where a container's folder keeps it. */
export function containerProcessFile(folder: string): string {
  return join(folder, 'process.json');
}

/** Undefined while the container has not started. */
export function readContainerProcess(folder: string): ContainerProcessRecord | undefined {
  const file = containerProcessFile(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ContainerProcessRecord) : undefined;
}
