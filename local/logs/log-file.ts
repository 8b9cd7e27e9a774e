import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** One log event as it is stored; `sequence` counts within its stream. Times are epoch milliseconds. */
export interface LogEvent {
  readonly sequence: number;
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** What DescribeLogStreams tells of a stream beside its name. */
export interface LogFileSummary {
  readonly firstTimestamp?: number;
  readonly lastTimestamp?: number;
  readonly lastIngestedAt?: number;
  readonly storedBytes: number;
}

/**
 * The events of one stream in two files: the current one is appended to and becomes the older one when it is full,
 * so that a stream never takes more than twice `maxBytes`.
 */
export class LogFile {
  readonly #file: string;
  readonly #maxBytes: number;
  #nextSequence = 1;
  #currentBytes = 0;
  #olderBytes = 0;
  #first: number | undefined;
  #last: number | undefined;
  #lastIngestedAt: number | undefined;

  constructor(file: string, maxBytes: number) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    mkdirSync(dirname(file), { recursive: true });
    endTornLine(file);
    this.#currentBytes = sizeOf(file);
    this.#olderBytes = sizeOf(olderFile(file));
    for (const event of this.read()) this.#note(event);
  }

  /** Durable over the death of this process when it returns. */
  append(events: readonly { readonly timestamp: number; readonly message: string }[], ingestedAt: number): void {
    if (this.#currentBytes >= this.#maxBytes) this.#rotate();
    const lines: string[] = [];
    for (const { timestamp, message } of events) {
      const event = { sequence: this.#nextSequence, timestamp, ingestedAt, message };
      this.#note(event);
      lines.push(`${JSON.stringify([event.sequence, timestamp, ingestedAt, message])}\n`);
    }
    const text = lines.join('');
    appendFileSync(this.#file, text);
    this.#currentBytes += Buffer.byteLength(text);
  }

  /** All events that are kept, by timestamp and then by the order in which they came. */
  read(): LogEvent[] {
    const events = [...readEvents(olderFile(this.#file)), ...readEvents(this.#file)];
    return events.sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence);
  }

  summary(): LogFileSummary {
    return {
      ...(this.#first === undefined ? {} : { firstTimestamp: this.#first }),
      ...(this.#last === undefined ? {} : { lastTimestamp: this.#last }),
      ...(this.#lastIngestedAt === undefined ? {} : { lastIngestedAt: this.#lastIngestedAt }),
      storedBytes: this.#currentBytes + this.#olderBytes,
    };
  }

  remove(): void {
    rmSync(this.#file, { force: true });
    rmSync(olderFile(this.#file), { force: true });
  }

  #rotate(): void {
    renameSync(this.#file, olderFile(this.#file));
    this.#olderBytes = this.#currentBytes;
    this.#currentBytes = 0;
  }

  #note(event: LogEvent): void {
    this.#nextSequence = Math.max(this.#nextSequence, event.sequence + 1);
    this.#first = Math.min(this.#first ?? event.timestamp, event.timestamp);
    this.#last = Math.max(this.#last ?? event.timestamp, event.timestamp);
    this.#lastIngestedAt = Math.max(this.#lastIngestedAt ?? 0, event.ingestedAt);
  }
}

function olderFile(file: string): string {
  return `${file}.older`;
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** A crash may have cut the last line off: it gets an end of its own, so that the next event does not join it. */
function endTornLine(file: string): void {
  if (sizeOf(file) > 0 && !readFileSync(file, 'utf8').endsWith('\n')) appendFileSync(file, '\n');
}

function readEvents(file: string): LogEvent[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').flatMap(parseEvent);
}

function parseEvent(line: string): LogEvent[] {
  if (line === '') return [];
  try {
    const [sequence, timestamp, ingestedAt, message] = JSON.parse(line) as [number, number, number, string];
    return [{ sequence, timestamp, ingestedAt, message }];
  } catch {
    // Only a line that a crash cut off does not parse; its writer was never answered.
    return [];
  }
}
