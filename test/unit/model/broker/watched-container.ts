import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { dataMountPath, startCommand } from '../../../../lib/model/broker/start-command.ts';

const standIn = join(import.meta.dirname, 'stand-in-server.ts');

/** What the server does when it is asked. */
type Mode = 'answer' | 'silent' | 'close' | 'garbage' | `exit ${number}` | `answer ${number} only`;

interface ContainerOptions {
  /** An empty folder of its own. */
  readonly folder: string;
  /** What the container is told of health checks; absent: there are none. */
  readonly check?: string;
  readonly at: string;
  readonly mode: Mode;
}

/** The start command as a container would run it, in a process group of its own, with a stand-in for the server. */
export class WatchedContainer {
  readonly #folder: string;
  readonly #child;
  readonly #over: Promise<number | null>;
  #output = '';
  #errors = '';
  #heard: () => void = () => undefined;

  constructor({ folder, check, at, mode }: ContainerOptions) {
    this.#folder = folder;
    for (const name of ['bin', 'data/kafka']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'data/kafka/meta.properties'), 'node.id=1\ncluster.id=cluster-1\n');
    writeFileSync(
      join(folder, 'bin/kafka-server-start.sh'),
      `#!/bin/bash\nexec ${process.execPath} ${standIn} ${join(folder, 'mode')}\n`,
      { mode: 0o755 },
    );
    this.become(mode);
    const text = startCommand
      .replaceAll(dataMountPath, join(folder, 'data'))
      .replaceAll('/opt/kafka/bin', join(folder, 'bin'));
    this.#child = spawn('bash', ['-c', text], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
        WARDEN_PROPERTIES: gzipSync('node.id=1\n').toString('base64'),
        ...{ WARDEN_CLUSTER_ID: 'cluster-1', WARDEN_NODE_ID: '1', WARDEN_FORMAT: 'never' },
        ...(check === undefined ? {} : { WARDEN_HEALTH_CHECK: check }),
        WARDEN_HEALTH_CHECK_AT: at,
      },
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
      this.#heard();
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
      this.#heard();
    });
    this.#over = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)));
    void this.#over.then(() => this.#heard());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote to stderr, where its health checks write, line by line. */
  get errors(): readonly string[] {
    return lines(this.#errors);
  }

  /** What the server in it says. */
  get output(): readonly string[] {
    return lines(this.#output);
  }

  /** Of the server. */
  async serverPid(): Promise<number> {
    await this.until(() => this.#output.includes('started as'));
    return Number(/started as (\d+)/.exec(this.#output)?.[1]);
  }

  become(mode: Mode): void {
    // Put there in one act: a server that reads a file which is half written would be silent.
    const half = join(this.#folder, 'mode.new');
    writeFileSync(half, mode);
    renameSync(half, join(this.#folder, 'mode'));
  }

  /** Resolves when what it wrote satisfies; rejects when it ends before. */
  async until(satisfies: (container: this) => boolean): Promise<void> {
    while (!satisfies(this)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`the container ended before, with ${this.#child.exitCode}:\n${this.#errors}`);
      }
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** How often the server was asked since the mode became this one. */
  asked(mode: Mode): number {
    return this.output.filter((line) => line.endsWith(`: ${mode}`)).length;
  }

  send(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code, once it is over and nobody writes to its output any more. */
  async exitCode(): Promise<number | null> {
    return this.#over;
  }

  /** The processes of its group that live, by pid, with what they run. */
  processes(): ReadonlyMap<number, string> {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return new Map(pids.flatMap((pid) => (groupOf(pid) === this.pid ? [[Number(pid), commandOf(pid)] as const] : [])));
  }

  /** Kills what is left of it. */
  end(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // ESRCH: nothing is left.
    }
  }
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** The process group; undefined for what is gone or a zombie. Source: proc_pid_stat(5). */
function groupOf(pid: string): number | undefined {
  const [state, , group] = statOf(pid)?.split(') ').at(-1)?.split(' ') ?? [];
  return state === 'Z' ? undefined : Number(group);
}

function statOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It ended since the folder was listed.
    return undefined;
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 2).join(' ');
  } catch {
    return '';
  }
}
