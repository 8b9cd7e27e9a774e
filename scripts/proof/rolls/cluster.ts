import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeTasksCommand, ECSClient, ListClustersCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { kafkaVersionOf } from '../../../lib/model/service/config.ts';
import { defaultPackageVersion } from '../../../lib/model/service/package-version.ts';
import { isAlive, listLiveProcesses, type RecordedProcess } from '../../../local/core/processes.ts';
import type { Delays } from '../../../local/core/service.ts';
import { fetchJars } from '../../../local/images/fetch-jars.ts';
import { type CloudProcess, startCloud } from '../../launch/cloud-process.ts';
import { deployStack } from '../../launch/deploy.ts';
import { type Endpoints, writeEndpoints } from '../../launch/endpoints-file.ts';
import { cloudFolder, optFolder, root } from '../../launch/folders.ts';
import { localClient } from '../../launch/local-client.ts';
import type { StartOptions } from '../../launch/start-options.ts';
import { until } from '../rights/installation.ts';

/** An answer of Warden's API. */
export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly body: unknown;
}

/** A command of an operator and what it printed. */
export interface Transcript {
  readonly command: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A node's process that ECS started, whatever became of it. Times are epoch milliseconds. */
export interface NodeStart {
  readonly nodeId: number;
  readonly taskArn: string;
  readonly startedAt: number;
  /** When ECS was asked for it. */
  readonly createdAt?: number;
  readonly stoppedAt?: number;
  readonly exitCode?: number;
  /** Absent while nobody asked it to stop and it has not ended. */
  readonly stoppingAt?: number;
}

/** How long hosts may take to end their nodes in order before they are ended without. */
const patienceSeconds = 300;

const kafkaFolder = join(optFolder, `kafka-${kafkaVersionOf(defaultPackageVersion)}`);

/** A local cloud with the deployed stack, whose control plane can be killed and started again. */
export class Cluster {
  readonly options: StartOptions;
  readonly #ecs: ECSClient;
  /** Kept from before it is up: a stop waits for its pid to be known. */
  #cloud: Promise<CloudProcess> | undefined;
  #endpoints: Endpoints | undefined;
  #isStopped = false;

  constructor(options: StartOptions) {
    this.options = options;
    this.#ecs = new ECSClient(localClient(`http://127.0.0.1:${options.port}`));
  }

  /** Brings up cloud and stack; a second call, or one after a kill, starts what is missing. */
  async start(): Promise<void> {
    await fetchJars({
      optFolder,
      artifacts: [`kafka-${kafkaVersionOf(defaultPackageVersion)}`, 'dynamodb-local'],
      log: (line) => process.stderr.write(`  ${line}\n`),
    });
    for (const script of ['bundle-functions.mjs', 'bundle-cli.mjs'])
      execFileSync(process.execPath, [join(root, 'scripts', script)], { cwd: root, stdio: ['ignore', 'ignore', 2] });
    await this.startControlPlane();
    await deployStack(this.options);
    this.#endpoints = await writeEndpoints(this.options);
  }

  /**
   * The stop of Ctrl-C: hosts end their nodes in order. Whatever is left then, or lives without a control plane, is
   * killed. Resolves when all is gone; nothing can be started any more. Idempotent.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#cloud?.catch(() => undefined);
    const cloud = this.#processes.find(({ kind }) => kind === 'cloud');
    if (cloud !== undefined) {
      send(cloud, 'SIGTERM');
      const ended = until('the cloud has ended', patienceSeconds, () => (isAlive(cloud) ? undefined : true));
      // One that takes longer is swept with the rest.
      await ended.catch(() => undefined);
    }
    // An agent may start a process between the look and its own end.
    await until('the processes are gone', 30, () => {
      const left = this.#processes;
      for (const one of left) send(one, 'SIGKILL');
      return left.length === 0 ? true : undefined;
    });
  }

  /**
   * SIGKILL for the cloud and its function workers: everything of the control plane but the hosts and the table.
   * Resolves with what each of them was, for example `cloud`.
   */
  async killControlPlane(): Promise<readonly string[]> {
    const victims = this.#processes.filter(({ kind }) => kind === 'cloud' || kind.startsWith('function'));
    for (const victim of victims) send(victim, 'SIGKILL');
    await until('the control plane is gone', 30, () => (victims.some(isAlive) ? undefined : true));
    return victims.map(({ kind }) => kind);
  }

  /**
   * SIGKILL for all that runs: the cloud with its table and its workers, the agents, and every process of every container.
   * Only the clients live on. Resolves with what each of them was.
   */
  async killEverything(): Promise<readonly string[]> {
    const killed: string[] = [];
    // What was about to be started when its parent died is there at the next look.
    await until('all processes are gone', 30, () => {
      const left = this.#processes;
      for (const one of left) {
        killed.push(one.kind);
        // The wrapper of a container leads the group of all that is in it.
        if (one.kind.startsWith('container')) sendGroup(one);
        send(one, 'SIGKILL');
      }
      return left.length === 0 ? true : undefined;
    });
    return killed;
  }

  /** Disturbs the cloud on purpose, as `warden-local chaos` does: `verb` is for example `task/kill`. @throws Error when it is refused */
  async chaos(verb: string, input: object = {}): Promise<string> {
    const body = JSON.stringify(input);
    const response = await fetch(`http://127.0.0.1:${this.options.port}/_cloud/chaos/${verb}`, {
      method: 'POST',
      body,
    });
    const answer = (await response.json()) as { readonly done?: string; readonly error?: string };
    if (answer.done === undefined) throw new Error(`chaos ${verb} ${body}: ${answer.error}`);
    return answer.done;
  }

  /** Runs the command `warden` with these words, as an operator does; whatever it answers. */
  async cli(...words: readonly string[]): Promise<Transcript> {
    const { api, token } = this.#endpoints ?? { api: '', token: '' };
    const program = join(root, 'dist', 'cli', 'warden.mjs');
    const env = { ...process.env, WARDEN_URL: api, WARDEN_TOKEN: token };
    const command = `warden ${words.join(' ')}`;
    return new Promise((done) => {
      execFile(process.execPath, [program, ...words], { env }, (error, stdout, stderr) => {
        done({ command, exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  /** `delays` are how late the calls and events of this control plane are; none when they are absent. */
  async startControlPlane(delays?: Delays): Promise<void> {
    if (this.#isStopped) throw new Error('the cluster was stopped: its control plane is not started again');
    this.#cloud = startCloud(delays === undefined ? this.options : { ...this.options, delays });
    await this.#cloud;
  }

  /** Resolves when no class archives are being made any more: they are made in the background of a first start. */
  async untilArchivesAreMade(): Promise<void> {
    await until('the class archives are made', patienceSeconds, () =>
      this.#processes.some(({ kind }) => kind.startsWith('class archive')) ? undefined : true,
    );
  }

  /** One call of the API with the admin's token. */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const { api, token } = this.#endpoints ?? { api: '', token: '' };
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { authorization: `token=${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, location: response.headers.get('location'), body: readBody(text) };
  }

  /** Every start of a node of the service since a moment, oldest first, as ECS tells it. ECS forgets tasks an hour after their end. */
  async starts(service: string, sinceMs: number): Promise<readonly NodeStart[]> {
    return (await this.#tasks())
      .flatMap((task) => nodeStart(task, service) ?? [])
      .filter(({ startedAt }) => startedAt >= sinceMs)
      .toSorted((a, b) => a.startedAt - b.startedAt);
  }

  async #tasks(): Promise<readonly Task[]> {
    const { clusterArns: [cluster] = [] } = await this.#ecs.send(new ListClustersCommand({}));
    const arns: string[] = [];
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
      let nextToken: string | undefined;
      do {
        const page = await this.#ecs.send(new ListTasksCommand({ cluster, desiredStatus, nextToken }));
        arns.push(...(page.taskArns ?? []));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    }
    const tasks: Task[] = [];
    for (let from = 0; from < arns.length; from += 100) {
      const answer = await this.#ecs.send(new DescribeTasksCommand({ cluster, tasks: arns.slice(from, from + 100) }));
      tasks.push(...(answer.tasks ?? []));
    }
    return tasks;
  }

  /** The first process of a task's container on its host, or the one around it, which leads the group of them all. */
  processOf(taskArn: string, which: 'task' | 'container' = 'task'): RecordedProcess | undefined {
    const id = taskArn.slice(taskArn.lastIndexOf('/') + 1);
    return this.#processes.find(({ kind }) => kind.startsWith(which) && kind.includes(id));
  }

  /** Runs one of the programs of Kafka's own distribution, for example kafka-configs.sh. */
  async kafkaTool(program: string, ...args: readonly string[]): Promise<string> {
    return this.feedKafkaTool('', program, ...args);
  }

  /** The same for one that reads its input. */
  async feedKafkaTool(input: string, program: string, ...args: readonly string[]): Promise<string> {
    const running = promisify(execFile)(join(kafkaFolder, 'image-1', 'kafka', 'bin', program), args, {
      env: {
        ...process.env,
        KAFKA_HEAP_OPTS: '-Xmx192m',
        KAFKA_JVM_PERFORMANCE_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
      },
    });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  get #processes(): readonly RecordedProcess[] {
    return listLiveProcesses(cloudFolder(this.options.dataFolder));
  }

  /** What the cloud itself said. */
  cloudLog(): string {
    return readFileSync(join(this.options.dataFolder, 'cloud.log'), 'utf8');
  }
}

/** A process that is gone needs no signal. */
function send(record: RecordedProcess, signal: NodeJS.Signals): void {
  try {
    if (isAlive(record)) process.kill(record.pid, signal);
  } catch (error) {
    // ESRCH: it ended between the look and the signal. In Jest errors of node are no instances of Error.
    if (Object(error).code !== 'ESRCH') throw error;
  }
}

function sendGroup(leader: RecordedProcess): void {
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody of it is left.
    if (Object(error).code !== 'ESRCH') throw error;
  }
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The 2.x guides answer some commands with plain text.
    return text;
  }
}

/** Undefined for a task of another service, for one that prepares a volume, and for one that never started. */
function nodeStart(task: Task, service: string): NodeStart | undefined {
  const { taskArn = '', startedBy = '', startedAt, createdAt, stoppingAt, stoppedAt, containers = [] } = task;
  const [, of, nodeId, purpose] = startedBy.split('/');
  if (of !== service || purpose !== 'node' || startedAt === undefined) return undefined;
  const exitCode = containers[0]?.exitCode;
  return {
    ...{ nodeId: Number(nodeId), taskArn, startedAt: startedAt.getTime() },
    ...(createdAt === undefined ? {} : { createdAt: createdAt.getTime() }),
    ...(stoppingAt === undefined ? {} : { stoppingAt: stoppingAt.getTime() }),
    ...(stoppedAt === undefined ? {} : { stoppedAt: stoppedAt.getTime() }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}
