import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../rights/installation.ts';
import { type Answer, type ProducerLog, type Tally, tally, unread, wholeRun, windowOf } from '../tally.ts';
import { pythonWithKafka } from './python.ts';
import { followLines, type LoadLine, parseLoadLine } from './read-lines.ts';

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
/** A run of half an hour has a million records. */
const verifySeconds = 300;

/** What the whole run came to. */
export interface LoadVerdict {
  /** All records of the run against what a fresh consumer has read from the beginning to the end. */
  readonly tallies: LoadTally;
  /** How many acknowledged records the consumer of the run had not read yet when the producers were told to end. */
  readonly lag: number;
  /** What the consumers complained of; empty when all is well. */
  readonly complaints: string;
}

/** Two producers and a verifying consumer, processes of their own, from `start` to `stop`. */
export class Load {
  readonly #settings: LoadSettings;
  readonly #children = new Map<string, ChildProcess>();
  readonly #librdkafka: GrowingLog;
  readonly #kafkajs: GrowingLog;
  readonly #reads = new Map<string, number>();
  #pollReads: () => readonly string[] = () => [];

  #isStopped = false;

  constructor(settings: LoadSettings) {
    this.#settings = settings;
    // A topic may hold records of an earlier run: an id that was read there must not hide a loss here.
    const run = Date.now().toString(36);
    this.#librdkafka = new GrowingLog(`c${run}`);
    this.#kafkajs = new GrowingLog(`j${run}`);
  }

  get partitions(): number {
    return this.#settings.partitions;
  }

  /** Resolves once both producers are acknowledged as fast as they offer, and the consumer has read. */
  async start(): Promise<void> {
    const { folder, bootstrap, topic, partitions, librdkafkaRate, kafkajsRate } = this.#settings;
    mkdirSync(folder, { recursive: true });
    const python = pythonWithKafka();
    const common = [bootstrap, topic, String(partitions)];
    this.#pollReads = this.#spawn('consumer', python, [here('consumer.py'), ...common, 'follow']);
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

  /** Resolves once both producers have had every answer within half a second for three seconds: the brokers are warm. */
  async untilCalm(): Promise<void> {
    await until('what is offered is answered within half a second (is this machine too busy?)', steadySeconds, () => {
      this.#poll();
      return [this.#librdkafka, this.#kafkajs].every((log) => log.isCalm()) ? true : undefined;
    });
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

  /**
   * Ends the producers, has a fresh consumer read all partitions from their beginning to their end, and compares: what one
   * consumer skipped or read twice, another one shows.
   */
  async verify(): Promise<LoadVerdict> {
    this.#poll();
    const lag = [this.#librdkafka, this.#kafkajs].reduce((sum, log) => sum + unread(log, this.#reads), 0);
    await this.#end(['librdkafka', 'kafkajs']);
    this.#poll();
    const { bootstrap, topic, partitions } = this.#settings;
    const args = [here('consumer.py'), bootstrap, topic, String(partitions), 'to-end'];
    const lines = this.#spawn('verifier', pythonWithKafka(), args);
    await this.#ended('verifier', verifySeconds);
    const reads = new Map<string, number>();
    for (const line of lines()) countRead(reads, parseLoadLine(line));
    const whole = (log: GrowingLog) => tally(log, wholeRun(log), reads);
    const complaints = this.#complaints(['consumer', 'verifier']);
    return { tallies: { librdkafka: whole(this.#librdkafka), kafkajs: whole(this.#kafkajs) }, lag, complaints };
  }

  #tallyOf(log: GrowingLog, fromMs: number, toMs: number): Tally | undefined {
    const window = windowOf(log, fromMs, toMs);
    return window === undefined ? undefined : tally(log, window, this.#reads);
  }

  /** Ends the clients; the producers wait for their last answers. None is started any more. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#end([...this.#children.keys()]);
  }

  async #end(names: readonly string[]): Promise<void> {
    const living = names.flatMap((name) => this.#children.get(name) ?? []).filter(isRunning);
    const ended = living.map((child) => new Promise((done) => child.once('exit', done)));
    for (const child of living) child.kill('SIGTERM');
    const timer = setTimeout(() => living.map((child) => child.kill('SIGKILL')), 45_000);
    await Promise.all(ended);
    clearTimeout(timer);
  }

  /** @throws Error when the client does not end by itself in time, or not well */
  async #ended(name: string, withinSeconds: number): Promise<void> {
    const child = this.#children.get(name);
    await until(`${name} has ended`, withinSeconds, () => (child && isRunning(child) ? undefined : true));
    if (child?.exitCode !== 0) throw new Error(`${name} ended with ${child?.exitCode}${this.#complaints([name])}`);
  }

  #poll(): void {
    this.#librdkafka.read();
    this.#kafkajs.read();
    for (const line of this.#pollReads()) countRead(this.#reads, parseLoadLine(line));
  }

  #spawn(name: string, command: string, args: readonly string[]): () => string[] {
    if (this.#isStopped) throw new Error(`the load was stopped: ${name} is not started`);
    const file = join(this.#settings.folder, `${name}.log`);
    const output = openSync(file, 'w');
    const complaints = openSync(join(this.#settings.folder, `${name}.err`), 'w');
    // A group of its own: Ctrl-C in this terminal must reach the clients after the brokers are known to be fine.
    const child = spawn(command, args, { stdio: ['ignore', output, complaints], detached: true });
    this.#children.set(name, child);
    return followLines(file);
  }

  #complaints(names: readonly string[] = ['librdkafka', 'kafkajs', 'consumer']): string {
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

  /** Whether it is steady, and every answer of the last three seconds came within half a second. */
  isCalm(): boolean {
    const lastMs = this.answers.at(-1)?.answeredMs ?? 0;
    const since = lastMs - 3000;
    if ((this.answers[0]?.answeredMs ?? lastMs) > since) return false;
    const recent = this.answers.slice(this.answers.findLastIndex(({ answeredMs }) => answeredMs < since) + 1);
    return this.isSteady() && recent.every(({ sentMs, answeredMs }) => answeredMs - sentMs <= 500);
  }

  read(): void {
    for (const line of this.poll()) {
      const parsed = parseLoadLine(line);
      if (parsed.type === 'answer') this.answers.push(parsed.answer);
      if (parsed.type === 'beat') this.beats.push({ atMs: parsed.atMs, offered: parsed.offered });
    }
  }
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function countRead(reads: Map<string, number>, line: LoadLine): void {
  if (line.type === 'read') reads.set(line.id, (reads.get(line.id) ?? 0) + 1);
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
