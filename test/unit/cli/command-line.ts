import { PassThrough } from 'node:stream';
import { run } from '../../../cli/run.ts';

/** What a command line printed and how it ended. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly workingFolder?: string;
  readonly homeFolder?: string;
  /** Text on standard input; of a person at a terminal with `isTerminal`. */
  readonly input?: string;
  readonly isTerminal?: boolean;
  readonly interruption?: AbortController;
  /** Called with each piece of text that is printed. */
  readonly onPrint?: (text: string) => void;
}

/** Runs a command line as the bundled file does, with streams of its own. */
export async function runLine(words: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { onPrint = () => undefined, isTerminal = false } = surroundings;
  const stdin = Object.assign(new PassThrough(), { isTTY: isTerminal });
  stdin.end(surroundings.input ?? '');
  const stdout = recorder(onPrint);
  const stderr = recorder(onPrint);
  const exitCode = await run(words, {
    version: '0.1.0',
    terminal: {
      stdin,
      stdout: stdout.stream,
      stderr: stderr.stream,
      env: surroundings.env ?? {},
      workingFolder: surroundings.workingFolder ?? '/nonexistent',
      homeFolder: surroundings.homeFolder ?? '/nonexistent',
      interrupted: (surroundings.interruption ?? new AbortController()).signal,
    },
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function recorder(onPrint: (text: string) => void) {
  const pieces: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (piece: Buffer) => {
    pieces.push(piece.toString('utf8'));
    onPrint(piece.toString('utf8'));
  });
  return { stream, text: () => pieces.join('') };
}
