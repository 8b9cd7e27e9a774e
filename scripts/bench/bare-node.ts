import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LaunchInput,
  nodeRunRequest,
  nodeTaskDefinition,
  type StorageFormat,
} from '../../lib/model/broker/node-task.ts';
import { dataMountPath } from '../../lib/model/broker/start-command.ts';
import { packedProperties } from '../../lib/operations/node/packed-properties.ts';
import { rewritePaths } from '../../local/agent/rewrite-paths.ts';
import { openImage } from '../../local/images/kafka-image.ts';
import { optFolder } from '../launch/folders.ts';

/** What a bare node is made of. */
export interface BareNodeInput {
  /** What Warden would launch it from; its host's address is where the node listens. */
  readonly launch: LaunchInput;
  /** Addresses of all controllers. */
  readonly controllers: readonly { readonly nodeId: number; readonly address: string }[];
  /** Where its disk and its log lie. */
  readonly folder: string;
}

/**
 * One Kafka process without a control plane: the command, environment and file that Warden gives a node's container,
 * over the programs of the same image, as a child of this process.
 */
export class BareNode {
  readonly nodeId: number;
  readonly address: string;
  readonly port: number;
  readonly #input: BareNodeInput;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #wasFormatted = false;
  #isKilled = false;

  constructor(input: BareNodeInput) {
    const { launch } = input;
    this.nodeId = launch.nodeId;
    this.address = launch.host.address;
    this.port = nodeTaskDefinition(launch).ports[0] ?? 0;
    this.#input = input;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** When its process was last started, in epoch milliseconds. */
  get startedAt(): number {
    return this.#startedAt;
  }

  get logFile(): string {
    return join(this.#input.folder, 'log');
  }

  /** Starts the process, which formats its disk the first time. `format` is how. */
  start(format: Exclude<StorageFormat, 'never'>): void {
    if (this.#isKilled) throw new Error(`node ${this.nodeId} of the bare cluster was killed: it is not started again`);
    const { launch, controllers, folder } = this.#input;
    const { config, nodeId, host } = launch;
    const data = join(folder, 'data');
    mkdirSync(data, { recursive: true });
    const file = packedProperties({ config, nodeId, address: host.address, rack: host.zone, controllers });
    const request = nodeRunRequest(launch, file, this.#wasFormatted ? 'never' : format);
    this.#wasFormatted = true;
    const definition = nodeTaskDefinition(launch);
    const rules = [...openImage(optFolder, definition.image).paths, { from: dataMountPath, to: data }];
    const [program = '', ...rest] = [...definition.entryPoint, ...(request.command ?? definition.command)].map(
      (text) => rewritePaths(text, rules).text,
    );
    const log = openSync(this.logFile, 'a');
    this.#startedAt = Date.now();
    this.#child = spawn(program, rest, {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env['PATH'],
        ...(process.env['JAVA_HOME'] && { JAVA_HOME: process.env['JAVA_HOME'] }),
        LANG: 'C.UTF-8',
        ...request.environment,
      },
    });
    closeSync(log);
  }

  /** SIGTERM, as ECS ends a task; resolves when the process is gone. Idempotent. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** SIGKILL, and whoever rolls the cluster meanwhile cannot start it again. Idempotent. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    await this.#end('SIGKILL');
  }

  /** SIGKILL, without a word to anybody; it may be started again. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** @throws Error with its last lines when the process has ended */
  assertRuns(): void {
    if (this.isRunning) return;
    const lines = readFileSync(this.logFile, 'utf8').split('\n').slice(-15).join('\n');
    throw new Error(`node ${this.nodeId} of the bare cluster ended by itself; its last lines:\n${lines}`);
  }
}
