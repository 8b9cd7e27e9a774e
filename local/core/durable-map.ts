import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface Entry<Value> {
  readonly key: string;
  /** Absent when the key was deleted. */
  readonly value?: Value;
}

/**
 * A map that a kill -9 of this process does not lose: each change is appended to a journal before it is visible,
 * and the journal is compacted when it is opened. It guards against the death of the process, not of the machine.
 */
export class DurableMap<Value> {
  readonly #file: string;
  readonly #values: Map<string, Value>;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    this.#values = readJournal<Value>(file);
    compact(file, this.#values);
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  set(key: string, value: Value): void {
    appendFileSync(this.#file, `${JSON.stringify({ key, value })}\n`);
    this.#values.set(key, value);
  }

  delete(key: string): boolean {
    if (!this.#values.has(key)) return false;
    appendFileSync(this.#file, `${JSON.stringify({ key })}\n`);
    return this.#values.delete(key);
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  values(): Value[] {
    return [...this.#values.values()];
  }

  get size(): number {
    return this.#values.size;
  }
}

/** A torn last line is the write that the crash cut off: it was never visible, so it is dropped. */
function readJournal<Value>(file: string): Map<string, Value> {
  const values = new Map<string, Value>();
  if (!existsSync(file)) return values;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const entry = parseEntry<Value>(line);
    if (entry === undefined) continue;
    if (entry.value === undefined) values.delete(entry.key);
    else values.set(entry.key, entry.value);
  }
  return values;
}

function parseEntry<Value>(line: string): Entry<Value> | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as Entry<Value>;
  } catch {
    return undefined;
  }
}

function compact<Value>(file: string, values: ReadonlyMap<string, Value>): void {
  const lines = [...values].map(([key, value]) => `${JSON.stringify({ key, value })}\n`);
  writeFileSync(`${file}.new`, lines.join(''));
  renameSync(`${file}.new`, file);
}
