import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeTasksCommand, ECSClient, ListClustersCommand, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type DeniedCall, readDeniedCalls } from '../../../local/iam/denied-calls.ts';
import { cloudFolder } from '../../launch/folders.ts';
import { localClient } from '../../launch/local-client.ts';
import type { StartOptions } from '../../launch/start-options.ts';

const pollMs = 250;

/** A deployed stack on a local cloud, as its operator and its users reach it. */
export class Installation {
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly sfn: SFNClient;
  readonly events: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly ec2: EC2Client;
  readonly options: StartOptions;
  readonly #ecs: ECSClient;
  readonly #logs: CloudWatchLogsClient;

  constructor(options: StartOptions) {
    const client = localClient(`http://127.0.0.1:${options.port}`);
    this.options = options;
    this.iam = new IAMClient(client);
    this.lambda = new LambdaClient(client);
    this.sfn = new SFNClient(client);
    this.events = new EventBridgeClient(client);
    this.sqs = new SQSClient(client);
    this.ec2 = new EC2Client(client);
    this.#ecs = new ECSClient(client);
    this.#logs = new CloudWatchLogsClient(client);
  }

  /** The answer of Warden's API, as text. */
  async api(method: string, path: string, body?: unknown): Promise<string> {
    const { api, token } = JSON.parse(readFileSync(join(this.options.dataFolder, 'endpoints.json'), 'utf8')) as {
      readonly api: string;
      readonly token: string;
    };
    const response = await fetch(`${api}${path}`, {
      method,
      headers: { authorization: `token=${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return `HTTP ${response.status} ${await response.text()}`;
  }

  /** Does to the cloud what happens to one. @throws Error when the cloud refuses it */
  async chaos(verb: string, input: object): Promise<void> {
    const url = `http://127.0.0.1:${this.options.port}/_cloud/chaos/${verb}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
    if (!answer.ok) throw new Error(`${verb}: HTTP ${answer.status} ${await answer.text()}`);
  }

  /** What a function answers to a payload, its error included. */
  async invoke(name: string, payload: object): Promise<string> {
    const FunctionName = await this.functionName(name);
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    return Buffer.from(answer.Payload ?? []).toString();
  }

  /** The full name of a function of the template, for example of StepsAws. */
  async functionName(name: string): Promise<string> {
    const { Functions = [] } = await this.lambda.send(new ListFunctionsCommand({}));
    const found = Functions.find(({ FunctionName = '' }) => logicalFunction(FunctionName) === name)?.FunctionName;
    if (found === undefined) throw new Error(`the stack has no function ${name}`);
    return found;
  }

  async machineArn(machine: string): Promise<string> {
    const { stateMachines = [] } = await this.sfn.send(new ListStateMachinesCommand({}));
    const found = stateMachines.find(({ name }) => name === `Warden-${machine}`)?.stateMachineArn;
    if (found === undefined) throw new Error(`the stack has no machine ${machine}`);
    return found;
  }

  /** Input of the first execution of a machine for a service. */
  async firstInput(machine: string, service: string): Promise<Record<string, unknown>> {
    const stateMachineArn = await this.machineArn(machine);
    const { executions = [] } = await this.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    for (const { executionArn } of executions.toReversed()) {
      const { input = '{}' } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
      const parsed = JSON.parse(input) as Record<string, unknown>;
      if (parsed['service'] === service) return parsed;
    }
    throw new Error(`${machine} never ran for ${service}`);
  }

  async start(machine: string, name: string, input: object): Promise<string> {
    const stateMachineArn = await this.machineArn(machine);
    const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
    return (await this.sfn.send(command)).executionArn ?? '';
  }

  async stop(executionArn: string): Promise<void> {
    await this.sfn.send(new StopExecutionCommand({ executionArn }));
  }

  /** What the history of an execution shows, as text. */
  async history(executionArn: string): Promise<string> {
    const { events } = await this.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    return JSON.stringify(events);
  }

  /** The newest executions of a machine, the newest first. */
  async newestOnes(machine: string, most: number): Promise<readonly string[]> {
    const stateMachineArn = await this.machineArn(machine);
    const { executions = [] } = await this.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: most }));
    return executions.map(({ executionArn = '' }) => executionArn);
  }

  /** The newest execution of a machine. */
  async newest(machine: string): Promise<string | undefined> {
    const stateMachineArn = await this.machineArn(machine);
    const { executions = [] } = await this.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions[0]?.executionArn;
  }

  /** A task that runs. */
  async anyTask(): Promise<Task | undefined> {
    const { clusterArns: [cluster] = [] } = await this.#ecs.send(new ListClustersCommand({}));
    const { taskArns } = await this.#ecs.send(new ListTasksCommand({ cluster }));
    const { tasks } = await this.#ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    return tasks?.[0];
  }

  /** Lines of a function's log that name a denied action. */
  async functionLog(name: string, startTime: number): Promise<string> {
    const command = new FilterLogEventsCommand({
      logGroupName: await this.logGroup(name),
      startTime,
      filterPattern: '"not authorized"',
    });
    const { events = [] } = await this.#logs.send(command);
    return events.map(({ message }) => message).join('\n');
  }

  async logGroup(name: string): Promise<string> {
    const { Functions = [] } = await this.lambda.send(new ListFunctionsCommand({}));
    const found = Functions.find(({ FunctionName = '' }) => logicalFunction(FunctionName) === name);
    return found?.LoggingConfig?.LogGroup ?? '';
  }

  /** What the cloud itself said. */
  cloudLog(): string {
    return readFileSync(join(this.options.dataFolder, 'cloud.log'), 'utf8');
  }

  denied(): readonly DeniedCall[] {
    return readDeniedCalls(cloudFolder(this.options.dataFolder));
  }
}

function logicalFunction(functionName: string): string | undefined {
  return /^Warden-Functions(\w+?)[0-9A-F]{8}-/.exec(functionName)?.[1];
}

/** Looks until there is something to see. @throws Error that names what did not come */
export async function until<Found>(
  what: string,
  withinSeconds: number,
  look: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> {
  const end = performance.now() + withinSeconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not within ${withinSeconds} s: ${what}`);
    await new Promise((done) => setTimeout(done, pollMs));
  }
}
