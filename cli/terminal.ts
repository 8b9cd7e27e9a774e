import type { Readable, Writable } from 'node:stream';

/** What a command sees of the world. Data goes to stdout, everything else to stderr. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly homeFolder: string;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** A stream for text; as a terminal it has a size. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly rows?: number };

export function printData(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${text}\n`);
}

export function printJson(terminal: Terminal, value: unknown): void {
  printData(terminal, JSON.stringify(value, null, 2));
}

export function printNote(terminal: Terminal, text: string): void {
  terminal.stderr.write(`${text}\n`);
}

/** Whether a stream shows colours and can be redrawn. Some terminals of machines have no height: nothing would be drawn. */
export function isLively(terminal: Terminal, { isTTY, rows = 0 }: Screen): boolean {
  const { NO_COLOR, TERM } = terminal.env;
  return isTTY === true && rows > 0 && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
