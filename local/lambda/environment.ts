import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { forgetProcess, recordProcess } from '../core/processes.ts';
import type { Cloud } from '../core/service.ts';
import type { FunctionRecord } from './function-record.ts';
import { LogShipper } from './log-shipper.ts';
import { nodeProgram } from './node-program.ts';
import type { RoleSession } from './role-session.ts';
import { functionVariables, logStreamName } from './variables.ts';

/** One invocation as an environment gets it. */
export interface Call {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: string;
  readonly clientContext?: string;
  /** Waits for the last lines of the log when it is asked for. */
  readonly wantsLog?: boolean;
}

/** The answer of a function: what it returned, or the error it failed with, as JSON text. */
export interface CallResult {
  readonly type: 'succeeded' | 'failed';
  readonly payload: string;
  /** The last 4 KiB of the invocation's log, when the call wanted it. */
  readonly logTail?: string;
}

/** What an environment is made of. */
export interface EnvironmentOptions {
  readonly cloud: Cloud;
  readonly record: FunctionRecord;
  readonly codeFolder: string;
  readonly session: RoleSession;
  /** The file of the resolver that the function's VPC has. */
  readonly resolver?: string;
  readonly onEnd: () => void;
}

type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'init-failed' | 'succeeded' | 'failed' | 'crashed'; readonly payload: string };

interface Pending {
  readonly call: Call;
  readonly startedAt: number;
  readonly settle: (result: CallResult) => void;
}

const RUNTIME_FILE = fileURLToPath(new URL('./runtime/main.mjs', import.meta.url));
/** Lambda gives the initialization this long beside the function's own timeout. */
const INIT_LIMIT_MS = 10_000;
const TAIL_BYTES = 4096;

/** An execution environment: one worker process that serves one invocation at a time. */
export class Environment {
  readonly revisionId: string;
  readonly expiresAt: number;
  readonly #options: EnvironmentOptions;
  readonly #child: ChildProcess;
  readonly #logs: LogShipper;
  #state: 'starting' | 'ready' | 'ended' = 'starting';
  #pending: Pending | undefined;
  #cancelTimer: () => void = () => undefined;
  #initFailure: string | undefined;
  #tail: string[] = [];
  #onReport: (() => void) | undefined;

  constructor(options: EnvironmentOptions) {
    const { cloud, record, session } = options;
    this.#options = options;
    this.revisionId = record.revisionId;
    this.expiresAt = session.expiresAt;
    const stream = logStreamName(record, { now: Date.now(), id: randomBytes(16).toString('hex') });
    this.#logs = new LogShipper(cloud, session.caller, { logGroupName: record.logging.group, logStreamName: stream });
    this.#child = startWorker(options, stream);
    this.#watch(this.#child);
  }

  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  /** The environment must be idle. It settles in any case: with the answer, a timeout, or the end of the process. */
  invoke(call: Call): Promise<CallResult> {
    const { promise, resolve } = Promise.withResolvers<CallResult>();
    const settle = (result: CallResult): void => {
      this.#cancelTimer();
      this.#pending = undefined;
      resolve(result);
    };
    this.#tail = [];
    this.#pending = { call, startedAt: Date.now(), settle };
    if (this.#state === 'ready') this.#send();
    else if (this.#state === 'starting') this.#setTimer(INIT_LIMIT_MS + this.#timeoutMs);
    else this.#failEnded('the environment ended');
    return call.wantsLog === true ? this.#withTail(promise) : promise;
  }

  /** Ends the process; an invocation under way fails. */
  end(): void {
    this.#state = 'ended';
    killGroup(this.#child);
  }

  /** Resolves when the lines written so far lie in the log stream. */
  flushLogs(): Promise<void> {
    return this.#logs.flush();
  }

  get #timeoutMs(): number {
    return this.#options.record.timeoutSeconds * 1000;
  }

  #watch(child: ChildProcess): void {
    if (child.stdout !== null) this.#readLines(child.stdout);
    if (child.stderr !== null) this.#readLines(child.stderr);
    child.on('message', (message) => this.#onMessage(message as WorkerMessage));
    child.once('error', (error) => this.#onExit(String(error)));
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) forgetProcess(this.#options.cloud.dataFolder, child.pid);
      // What the function itself started ends with it.
      killGroup(child);
      const reason = signal === null ? `exit status ${code}` : `signal: ${signal}`;
      // The last message may still lie in the channel: it counts before the exit does.
      if (child.connected) child.once('disconnect', () => this.#onExit(reason));
      else this.#onExit(reason);
    });
  }

  #onMessage(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.#state = this.#state === 'ended' ? 'ended' : 'ready';
        if (this.#pending !== undefined && this.#state === 'ready') this.#send();
        return;
      case 'init-failed':
        this.#state = 'ended';
        this.#initFailure = message.payload;
        this.#pending?.settle({ type: 'failed', payload: message.payload });
        return;
      case 'crashed':
        this.#state = 'ended';
        this.#pending?.settle({ type: 'failed', payload: message.payload });
        return;
      case 'succeeded':
      case 'failed':
        this.#pending?.settle({ type: message.type, payload: message.payload });
    }
  }

  #send(): void {
    const call = this.#pending?.call;
    if (call === undefined) return;
    const { record } = this.#options;
    const message = {
      requestId: call.requestId,
      payload: call.payload,
      ...(call.clientContext === undefined ? {} : { clientContext: call.clientContext }),
      functionArn: record.arn,
      deadlineMs: Date.now() + this.#timeoutMs,
      traceId: traceId(record.tracing),
    };
    // A channel that closes meanwhile is followed by the exit, which fails the invocation.
    this.#child.send(message, () => undefined);
    this.#setTimer(this.#timeoutMs);
  }

  #setTimer(delayMs: number): void {
    this.#cancelTimer();
    const timer = setTimeout(() => this.#timeOut(), delayMs);
    this.#cancelTimer = () => clearTimeout(timer);
  }

  #timeOut(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const { requestId } = pending.call;
    const said = `Task timed out after ${this.#options.record.timeoutSeconds.toFixed(2)} seconds`;
    this.end();
    this.#onLine(`${new Date().toISOString()} ${requestId} ${said}`);
    this.#reportEnd(pending, 'timeout');
    pending.settle(failure('Sandbox.Timedout', `RequestId: ${requestId} Error: ${said}`));
  }

  #onExit(reason: string): void {
    const wasEnded = this.#state === 'ended';
    this.#state = 'ended';
    this.#failEnded(wasEnded ? 'the environment ended' : reason);
    this.#onReport?.();
    this.#options.onEnd();
  }

  #failEnded(reason: string): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    if (this.#initFailure !== undefined) {
      pending.settle({ type: 'failed', payload: this.#initFailure });
      return;
    }
    this.#reportEnd(pending, 'error');
    const message = `RequestId: ${pending.call.requestId} Error: Runtime exited with error: ${reason}`;
    pending.settle(failure('Runtime.ExitError', message));
  }

  /** The worker writes the last lines of an invocation itself, unless it is gone. */
  #reportEnd({ call, startedAt }: Pending, status: string): void {
    const durationMs = Date.now() - startedAt;
    const size = this.#options.record.memoryMiB;
    this.#onLine(`END RequestId: ${call.requestId}`);
    this.#onLine(
      `REPORT RequestId: ${call.requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${durationMs} ms\tMemory Size: ${size} MB\tMax Memory Used: ${size} MB\tStatus: ${status}`,
    );
  }

  #readLines(stream: Readable): void {
    createInterface({ input: stream, crlfDelay: 0 }).on('line', (line) => this.#onLine(line));
  }

  #onLine(line: string): void {
    const message = line.replaceAll('\r', '\n');
    this.#logs.write(message, Date.now());
    this.#tail.push(message);
    if (message.startsWith('REPORT RequestId: ') || message.includes('"type":"platform.report"')) this.#onReport?.();
  }

  /** The answer travels beside the log: the tail is complete when the report has come, or the process ended. */
  async #withTail(answer: Promise<CallResult>): Promise<CallResult> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onReport = resolve;
    const result = await answer;
    if (this.#state === 'ended') resolve();
    await promise;
    this.#onReport = undefined;
    return {
      ...result,
      logTail: this.#tail
        .map((line) => `${line}\n`)
        .join('')
        .slice(-TAIL_BYTES),
    };
  }
}

function startWorker(options: EnvironmentOptions, stream: string): ChildProcess {
  const { cloud, record, codeFolder, session, resolver } = options;
  // A heap near the function's memory makes a leak fail here as it does on AWS.
  const heapMiB = Math.floor(record.memoryMiB * 0.9);
  const child = spawn(
    nodeProgram(),
    [`--max-old-space-size=${heapMiB}`, RUNTIME_FILE, ...(resolver === undefined ? [] : [resolver])],
    {
      cwd: codeFolder,
      // A group of its own: Ctrl-C on the terminal reaches the cloud, which then ends its workers in order.
      detached: true,
      env: functionVariables({ cloud, record, codeFolder, session, stream }),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  if (child.pid !== undefined) recordProcess(cloud.dataFolder, child.pid, `function ${record.name}`);
  return child;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the process has ended already, which is what is wanted.
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function failure(errorType: string, errorMessage: string): CallResult {
  return { type: 'failed', payload: JSON.stringify({ errorType, errorMessage }) };
}

function traceId(tracing: FunctionRecord['tracing']): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  const sampled = tracing === 'Active' ? 1 : 0;
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=${sampled}`;
}
