import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const startedLine = 'Kafka Server started';

/** A Kafka node that can be started and ended any number of times. */
export interface RealNode {
  readonly id: number;
  readonly address: { readonly host: string; readonly port: number };
  /** Resolves when Kafka says that it has started; rejects with the end of its log when it exits before. */
  start(): Promise<void>;
  /** SIGTERM; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** From meta.properties, which the format of its disk writes. */
  directoryId(): string;
}

interface ProcessSpec {
  readonly id: number;
  readonly address: RealNode['address'];
  readonly metaFile: string;
  /** What the next start runs; it must end as the program itself, by exec. */
  readonly command: () => { readonly words: readonly string[]; readonly environment?: NodeJS.ProcessEnv };
}

/** A node whose process dies with this one, however that ends. */
export function createKafkaProcess({ id, address, metaFile, command }: ProcessSpec): RealNode {
  let running: { readonly child: ChildProcess; readonly exited: Promise<void> } | undefined;
  const start = async (): Promise<void> => {
    if (running !== undefined) throw new Error(`node ${id} runs already`);
    const { words, environment } = command();
    const child = spawn('sh', ['-c', guarded, 'sh', ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        running = undefined;
        resolve();
      });
    });
    running = { child, exited };
    await seeStarted(child, id);
  };
  const end = async (signal: 'SIGTERM' | 'stdin'): Promise<void> => {
    const ending = running;
    if (ending === undefined) return;
    if (signal === 'SIGTERM') ending.child.kill('SIGTERM');
    else ending.child.stdin?.end();
    await ending.exited;
  };
  const directoryId = (): string => {
    const found = /^directory\.id=(.+)$/m.exec(readFileSync(metaFile, 'utf8'))?.[1];
    if (found === undefined) throw new Error(`${metaFile} names no directory.id`);
    return found;
  };
  return { id, address, start, stop: () => end('SIGTERM'), kill: () => end('stdin'), directoryId };
}

/**
 * Runs a command under a shell that kills it when this process is gone: the end of the shell's stdin says so, even after
 * a SIGKILL of ours. SIGTERM is passed on.
 */
const guarded = `exec 3<&0
"$@" </dev/null 3<&- &
program=$!
trap 'kill -TERM $program' TERM
{ read -r _ <&3; kill -KILL $program; } 2>/dev/null &
guard=$!
exec 3<&-
wait $program
wait $program 2>/dev/null
kill $guard 2>/dev/null
`;

function seeStarted(child: ChildProcess, id: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let tail = '';
    const watch = (chunk: Buffer): void => {
      tail += chunk.toString();
      if (tail.includes(startedLine)) resolve();
      tail = tail.slice(-4000);
    };
    child.stdout?.on('data', watch);
    child.stderr?.on('data', watch);
    child.once('exit', () => reject(new Error(`node ${id} exited before it had started:\n${tail}`)));
  });
}
