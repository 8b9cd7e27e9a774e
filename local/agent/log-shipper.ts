import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../hosts/host-record.ts';
import type { LogLine, LogOrder } from '../hosts/protocol.ts';

const LOOK_EVERY_MS = 250;
/** Well under the 1 MiB that one PutLogEvents takes, also when each line costs 26 bytes more. */
const BATCH_BYTES = 256 * 1024;
const BATCH_LINES = 2000;
const NEWLINE = 10;

/** Hands on the lines. Resolves when they are stored, or never will be. */
export type Append = (log: LogOrder, lines: readonly LogLine[]) => Promise<void>;

/**
 * Carries a container's output to its log stream, as the awslogs driver does. How far it came is kept in a file, so a
 * restarted agent goes on there; lines that were stored but not yet acknowledged come twice.
 */
export class LogShipper {
  readonly #folder: string;
  readonly #log: LogOrder;
  readonly #append: Append;
  #ending = false;
  /** Resolves when the container has ended and every line is stored. */
  readonly done: Promise<void>;

  constructor(folder: string, log: LogOrder, append: Append) {
    this.#folder = folder;
    this.#log = log;
    this.#append = append;
    this.done = this.#ship();
  }

  /** The container writes no more. */
  end(): void {
    this.#ending = true;
  }

  async #ship(): Promise<void> {
    for (;;) {
      const last = this.#ending;
      const batch = this.#nextBatch(last);
      if (batch !== undefined) {
        if (batch.lines.length > 0) await this.#append(this.#log, batch.lines);
        replaceFile(join(this.#folder, 'shipped'), String(batch.end));
      } else if (last) return;
      else await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Whole lines only, but for the last of a container that ended without a newline, or one longer than a batch. */
  #nextBatch(isLast: boolean): { readonly lines: readonly LogLine[]; readonly end: number } | undefined {
    const file = join(this.#folder, 'log');
    const start = shippedBytes(this.#folder);
    if (!existsSync(file) || statSync(file).size <= start) return undefined;
    const bytes = readPart(file, start);
    const cut = bytes.lastIndexOf(NEWLINE) + 1;
    const whole = cut > 0 ? cut : isLast || bytes.length === BATCH_BYTES ? bytes.length : 0;
    if (whole === 0) return undefined;
    const lines = splitLines(bytes.subarray(0, whole)).slice(0, BATCH_LINES);
    const used = lines.reduce((sum, line) => sum + line.length, 0);
    const timestamp = Date.now();
    const texts = lines.map((line) => line.toString('utf8').replace(/\r?\n$/, ''));
    return { lines: texts.filter((text) => text !== '').map((message) => ({ timestamp, message })), end: start + used };
  }
}

/** Each line with its newline. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(from, to));
    from = to;
  }
  return lines;
}

function readPart(file: string, start: number): Buffer {
  const buffer = Buffer.alloc(BATCH_BYTES);
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, buffer, 0, BATCH_BYTES, start);
  closeSync(descriptor);
  return buffer.subarray(0, length);
}

function shippedBytes(folder: string): number {
  const file = join(folder, 'shipped');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}
