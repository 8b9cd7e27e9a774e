import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { failPulls } from './failing-pulls.ts';
import { hostFolder } from './host-folder.ts';
import { replaceFile } from './host-record.ts';

/**
 * What was done to a host on purpose and lasts until it boots: `agent-held`, its init system does not start a dead agent
 * again; `impaired`, its status check fails though it runs.
 */
export type HostMark = 'agent-held' | 'impaired';

const MARKS: readonly HostMark[] = ['agent-held', 'impaired'];

/** Idempotent: the first time counts. */
export function setMark(dataFolder: string, instanceId: string, mark: HostMark): void {
  const file = markFile(dataFolder, instanceId, mark);
  if (!existsSync(file)) replaceFile(file, '');
}

/** Since when a host has a mark, epoch milliseconds; undefined when it has not. */
export function markedSince(dataFolder: string, instanceId: string, mark: HostMark): number | undefined {
  return statSync(markFile(dataFolder, instanceId, mark), { throwIfNoEntry: false })?.mtimeMs;
}

/** Idempotent. */
export function clearMark(dataFolder: string, instanceId: string, mark: HostMark): void {
  rmSync(markFile(dataFolder, instanceId, mark), { force: true });
}

/** A host that boots is as new. */
export function clearMarks(dataFolder: string, instanceId: string): void {
  for (const mark of MARKS) clearMark(dataFolder, instanceId, mark);
  failPulls(dataFolder, instanceId, 0);
}

function markFile(dataFolder: string, instanceId: string, mark: HostMark): string {
  return join(hostFolder(dataFolder, instanceId), mark);
}
