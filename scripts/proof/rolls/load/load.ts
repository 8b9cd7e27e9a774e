import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../rights/installation.ts';
import { type Answer, type ProducerLog, type Tally, tally, windowOf } from '../tally.ts';
import { pythonWithKafka } from './python.ts';
import { followLines, parseLoadLine } from './read-lines.ts';

export interface LoadSettings {
  /** Where the clients write down what they saw. */
  readonly folder: string;
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  /** Records per second. */
  readonly librdkafkaRate: number;
  readonly kafkajsRate: number;
}

/** What the two producers did in one window. */
export interface LoadTally {
  readonly librdkafka: Tally;
  readonly kafkajs: Tally;
}

/** 30 s until a record counts as failed, and what a loaded machine takes beside. */
const settleSeconds = 90;
const steadySeconds = 300;

/** Two producers and a verifying consumer, processes of their own, from `start` to `stop`. */
export class Load {
  readonly #settings: LoadSettings;
  readonly #children: ChildProcess[] = [];
  readonly #librdkafka: GrowingLog;
  readonly #kafkajs: GrowingLog;
  readonly #reads = new Map<string, number>();
  #pollReads: () => readonly string[] = () => [];

  private constructor(settings: LoadSettings) {
    this.#settings = settings;
    // A topic may hold records of an earlier run: an id that was read there must not hide a loss here.
    const run = Date.now().toString(36);
    this.#librdkafka = new GrowingLog(`c${run}`);
    this.#kafkajs = new GrowingLog(`j${run}`);
  }

  /** Resolves once both producers are acknowledged as fast as they offer, and the consumer has read. */
  static async start(settings: LoadSettings): Promise<Load> {
    const load = new Load(settings);
    try {
      await load.#start();
      return load;
    } catch (error) {
      await load.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { folder, bootstrap, topic, partitions, librdkafkaRate, kafkajsRate } = this.#settings;
    mkdirSync(folder, { recursive: true });
    const python = pythonWithKafka();
    const common = [bootstrap, topic, String(partitions)];
    this.#pollReads = this.#spawn('consumer', python, [here('consumer.py'), ...common]);
    this.#librdkafka.poll = this.#spawn('librdkafka', python, [
      here('producer.py'),
      ...common,
      String(librdkafkaRate),
      this.#librdkafka.client,
    ]);
    this.#kafkajs.poll = this.#spawn('kafkajs', process.execPath, [
      // kafkajs 2.2.4 sets timers in the past.
      '--disable-warning=TimeoutNegativeWarning',
      ...[here('produce-kafkajs.ts'), ...common, String(kafkajsRate), this.#kafkajs.client],
    ]);
    await until('both producers have an acknowledgement and the consumer has read', settleSeconds, () => {
      this.#poll();
      const acknowledged = [this.#librdkafka, this.#kafkajs].every(({ answers }) => answers.length > 0);
      return acknowledged && this.#reads.size > 0 ? true : undefined;
    });
    // What a cold start piled up must not be counted against the first chapter.
    await until('what is offered is answered within a second (is this machine too busy?)', steadySeconds, () => {
      this.#poll();
      return [this.#librdkafka, this.#kafkajs].every((log) => log.isSteady()) ? true : undefined;
    });
  }

  /** How many records of both producers are acknowledged until now. */
  acknowledged(): number {
    this.#poll();
    return [this.#librdkafka, this.#kafkajs].flatMap(({ answers }) => answers.filter((one) => one.isAcknowledged))
      .length;
  }

  /**
   * What became of the records that were offered from one moment to another (epoch milliseconds). Waits until each has
   * its answer, and until what was acknowledged was read; what is still missing after that is lost.
   */
  async tally(fromMs: number, toMs: number): Promise<LoadTally> {
    const end = performance.now() + settleSeconds * 1000;
    for (;;) {
      this.#poll();
      const librdkafka = this.#tallyOf(this.#librdkafka, fromMs, toMs);
      const kafkajs = this.#tallyOf(this.#kafkajs, fromMs, toMs);
      if (librdkafka !== undefined && kafkajs !== undefined) {
        const isSettled = [librdkafka, kafkajs].every(({ unanswered, lost }) => unanswered === 0 && lost.length === 0);
        if (isSettled || performance.now() > end) return { librdkafka, kafkajs };
      } else if (performance.now() > end) {
        throw new Error(
          `a producer is gone: its output ends before ${new Date(toMs).toISOString()}${this.#complaints()}`,
        );
      }
      await new Promise((done) => setTimeout(done, 500));
    }
  }

  #tallyOf(log: GrowingLog, fromMs: number, toMs: number): Tally | undefined {
    const window = windowOf(log, fromMs, toMs);
    return window === undefined ? undefined : tally(log, window, this.#reads);
  }

  /** Ends the clients; the producers wait for their last answers. Idempotent. */
  async stop(): Promise<void> {
    const living = this.#children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = living.map((child) => new Promise((done) => child.once('exit', done)));
    for (const child of living) child.kill('SIGTERM');
    const timer = setTimeout(() => living.map((child) => child.kill('SIGKILL')), 45_000);
    await Promise.all(ended);
    clearTimeout(timer);
  }

  #poll(): void {
    this.#librdkafka.read();
    this.#kafkajs.read();
    for (const line of this.#pollReads()) {
      const parsed = parseLoadLine(line);
      if (parsed.type === 'read') this.#reads.set(parsed.id, (this.#reads.get(parsed.id) ?? 0) + 1);
    }
  }

  #spawn(name: string, command: string, args: readonly string[]): () => string[] {
    const file = join(this.#settings.folder, `${name}.log`);
    const output = openSync(file, 'w');
    const complaints = openSync(join(this.#settings.folder, `${name}.err`), 'w');
    // A group of its own: Ctrl-C in this terminal must reach the clients after the brokers are known to be fine.
    const child = spawn(command, args, { stdio: ['ignore', output, complaints], detached: true });
    this.#children.push(child);
    return followLines(file);
  }

  #complaints(): string {
    const names = ['librdkafka', 'kafkajs', 'consumer'];
    const texts = names.map((name) => readFileSync(join(this.#settings.folder, `${name}.err`), 'utf8').slice(-500));
    return texts.map((text, index) => (text === '' ? '' : `\n${names[index]}: ${text}`)).join('');
  }
}

/** The log of a producer, as far as it was read. */
class GrowingLog implements ProducerLog {
  readonly client: string;
  readonly answers: Answer[] = [];
  readonly beats: { readonly atMs: number; readonly offered: number }[] = [];
  poll: () => readonly string[] = () => [];

  constructor(client: string) {
    this.client = client;
  }

  /** Whether everything that was offered a second ago has its answer. */
  isSteady(): boolean {
    const atMs = (this.beats.at(-1)?.atMs ?? 0) - 1000;
    const offered = this.beats.findLast((beat) => beat.atMs <= atMs)?.offered ?? Number.POSITIVE_INFINITY;
    return this.answers.length >= offered;
  }

  read(): void {
    for (const line of this.poll()) {
      const parsed = parseLoadLine(line);
      if (parsed.type === 'answer') this.answers.push(parsed.answer);
      if (parsed.type === 'beat') this.beats.push({ atMs: parsed.atMs, offered: parsed.offered });
    }
  }
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
