import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './interpreter/definition.ts';
import { parseDefinition } from './interpreter/parse-definition.ts';

/** Definitions by the hash of their text: executions keep the one they were started with. */
export class DefinitionStore {
  readonly #folder: string;
  readonly #machines = new Map<string, Machine>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Stores a definition's text; answers its hash. Idempotent. */
  put(definition: string): string {
    const hash = createHash('sha256').update(definition).digest('hex');
    const file = this.#file(hash);
    if (existsSync(file)) return hash;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(`${file}.new`, definition);
    renameSync(`${file}.new`, file);
    return hash;
  }

  text(hash: string): string {
    return readFileSync(this.#file(hash), 'utf8');
  }

  /** The parsed definition. @throws when a later version of this program no longer accepts it */
  machine(hash: string): Machine {
    const known = this.#machines.get(hash);
    if (known !== undefined) return known;
    const parsed = parseDefinition(this.text(hash));
    if (parsed.type === 'invalid') {
      throw new Error(`The stored definition ${hash} is not valid: ${JSON.stringify(parsed.diagnostics)}`);
    }
    this.#machines.set(hash, parsed.machine);
    return parsed.machine;
  }

  #file(hash: string): string {
    return join(this.#folder, `${hash}.asl.json`);
  }
}
