import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call that was refused for want of a permission. */
export interface DeniedCall {
  /** ISO 8601. */
  readonly at: string;
  readonly principalArn: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
}

/** Writes a denied call down, a line of JSON each; the data folder keeps all of them. */
export function noteDeniedCall(dataFolder: string, call: DeniedCall): void {
  mkdirSync(join(dataFolder, 'iam'), { recursive: true });
  appendFileSync(journalFile(dataFolder), `${JSON.stringify(call)}\n`);
}

/** All calls that a cloud denied, the oldest first; empty when there were none. */
export function readDeniedCalls(dataFolder: string): DeniedCall[] {
  const file = journalFile(dataFolder);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as DeniedCall);
}

function journalFile(dataFolder: string): string {
  return join(dataFolder, 'iam', 'denied-calls.jsonl');
}
