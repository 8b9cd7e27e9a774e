import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hostFolder } from './host-folder.ts';
import { replaceFile } from './host-record.ts';

/** How many of a host's next pulls of images fail on purpose: 0 when none does. */
export function failingPulls(dataFolder: string, instanceId: string): number {
  const file = countFile(dataFolder, instanceId);
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}

/** Lets the next pulls of a host fail; 0 lets none. Idempotent. */
export function failPulls(dataFolder: string, instanceId: string, times: number): void {
  if (times === 0) rmSync(countFile(dataFolder, instanceId), { force: true });
  else replaceFile(countFile(dataFolder, instanceId), String(times));
}

/** Called by the host's agent for each pull: whether this one fails. Counts it. */
export function takeFailingPull(dataFolder: string, instanceId: string): boolean {
  const left = failingPulls(dataFolder, instanceId);
  if (left > 0) failPulls(dataFolder, instanceId, left - 1);
  return left > 0;
}

function countFile(dataFolder: string, instanceId: string): string {
  return join(hostFolder(dataFolder, instanceId), 'pulls-to-fail');
}
