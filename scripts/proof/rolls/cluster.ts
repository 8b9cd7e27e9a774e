import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeTasksCommand, ECSClient, ListClustersCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import {
  ExecutionStatus,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { kafkaVersionOf } from '../../../lib/model/service/config.ts';
import { defaultPackageVersion } from '../../../lib/model/service/package-version.ts';
import { isAlive, listLiveProcesses, type RecordedProcess } from '../../../local/core/processes.ts';
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

/** A node's process that ECS started, whatever became of it. Times are epoch milliseconds. */
export interface NodeStart {
  readonly nodeId: number;
  readonly taskArn: string;
  readonly startedAt: number;
  /** Absent while nobody asked it to stop and it has not ended. */
  readonly stoppingAt?: number;
}

const kafkaFolder = join(optFolder, `kafka-${kafkaVersionOf(defaultPackageVersion)}`);

/** A local cloud with the deployed stack, whose control plane can be killed and started again. */
export class Cluster {
  readonly options: StartOptions;
  readonly #ecs: ECSClient;
  readonly #sfn: SFNClient;
  #cloud: CloudProcess | undefined;
  #endpoints: Endpoints | undefined;

  constructor(options: StartOptions) {
    const client = localClient(`http://127.0.0.1:${options.port}`);
    this.options = options;
    this.#ecs = new ECSClient(client);
    this.#sfn = new SFNClient(client);
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
    this.#cloud = await startCloud(this.options);
    await deployStack(this.options);
    this.#endpoints = await writeEndpoints(this.options);
  }

  /** The stop of Ctrl-C: hosts end their nodes in order. Resolves when all is gone. */
  async stop(): Promise<void> {
    if (this.#cloud === undefined) return;
    if (listLiveProcesses(this.#folder).some(({ kind }) => kind === 'cloud')) process.kill(this.#cloud.pid, 'SIGTERM');
    await this.#cloud.ended;
    const left = listLiveProcesses(this.#folder);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    await until('the processes are gone', 30, () => (left.some(isAlive) ? undefined : true));
  }

  /** SIGKILL for the cloud and its function workers: everything of the control plane but the hosts and the table. */
  async killControlPlane(): Promise<number> {
    const victims = listLiveProcesses(this.#folder).filter(
      ({ kind }) => kind === 'cloud' || kind.startsWith('function'),
    );
    for (const { pid } of victims) process.kill(pid, 'SIGKILL');
    await until('the control plane is gone', 30, () => (victims.some(isAlive) ? undefined : true));
    return victims.length;
  }

  async startControlPlane(): Promise<void> {
    this.#cloud = await startCloud(this.options);
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

  /** The process of a task on its host. */
  processOf(taskArn: string): RecordedProcess | undefined {
    const id = taskArn.slice(taskArn.lastIndexOf('/') + 1);
    return listLiveProcesses(this.#folder).find(({ kind }) => kind.startsWith('task') && kind.includes(id));
  }

  /** Running executions of a machine whose names begin with a plan's id, and what their histories hold. */
  async runningHistories(machine: string, planId: string): Promise<ReadonlyMap<string, readonly HistoryEvent[]>> {
    const { stateMachines = [] } = await this.#sfn.send(new ListStateMachinesCommand({}));
    const stateMachineArn = stateMachines.find(({ name }) => name === `Warden-${machine}`)?.stateMachineArn;
    const statusFilter = ExecutionStatus.RUNNING;
    const { executions = [] } = await this.#sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter }));
    const histories = new Map<string, readonly HistoryEvent[]>();
    for (const { executionArn, name = '' } of executions) {
      if (!name.startsWith(planId)) continue;
      const { events = [] } = await this.#sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      histories.set(`${machine} ${name}`, events);
    }
    return histories;
  }

  /** Runs one of the programs of Kafka's own distribution, for example kafka-configs.sh. */
  async kafkaTool(program: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(join(kafkaFolder, 'image-1', 'kafka', 'bin', program), args, {
      env: {
        ...process.env,
        KAFKA_HEAP_OPTS: '-Xmx192m',
        KAFKA_JVM_PERFORMANCE_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
      },
    });
    return stdout;
  }

  get #folder(): string {
    return cloudFolder(this.options.dataFolder);
  }

  /** What the cloud itself said. */
  cloudLog(): string {
    return readFileSync(join(this.options.dataFolder, 'cloud.log'), 'utf8');
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
function nodeStart({ taskArn = '', startedBy = '', startedAt, stoppingAt }: Task, service: string) {
  const [, of, nodeId, purpose] = startedBy.split('/');
  if (of !== service || purpose !== 'node' || startedAt === undefined) return undefined;
  return {
    nodeId: Number(nodeId),
    taskArn,
    startedAt: startedAt.getTime(),
    ...(stoppingAt === undefined ? {} : { stoppingAt: stoppingAt.getTime() }),
  };
}
