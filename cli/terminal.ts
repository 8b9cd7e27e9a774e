import type { Readable, Writable } from 'node:stream';

/** What a command sees of the world. Data goes to stdout, everything else to stderr. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly homeFolder: string;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

export function printData(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${text}\n`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  printData(terminal, JSON.stringify(value, null, 2));
}

export function printNote(terminal: Terminal, text: string): void {
  terminal.stderr.write(`${text}\n`);
}

/** Whether a stream shows colours and can be redrawn. */
export function isLively(terminal: Terminal, stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, TERM } = terminal.env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
