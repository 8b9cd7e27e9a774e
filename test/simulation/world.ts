import { apiEvent, functionOf, type HttpAnswer, type HttpRequest } from './cloud/api-request.ts';
import { createDeadLetterQueues, type DeadLetterQueues } from './cloud/dead-letter-queues.ts';
import { createDeployment } from './cloud/deployment.ts';
import { createEventBus } from './cloud/event-bus.ts';
import { createExternalCalls, type ExternalCalls } from './cloud/external-calls.ts';
import { joinFunctions } from './cloud/functions.ts';
import type { Invocation } from './cloud/invocation.ts';
import { createLambda, type InvokeOutcome, type Lambda } from './cloud/lambda.ts';
import type { SdkService } from './cloud/sdk-client.ts';
import type { SimulatedStack } from './cloud/stack.ts';
import { createStepFunctions, type StepFunctions } from './cloud/step-functions.ts';
import { createTokenBuckets } from './cloud/token-buckets.ts';
import type {
  ContainerRun,
  KafkaModel,
  ModelledService,
  Programs,
  Random,
  RunningContainer,
  SimulatedHost,
  Violation,
} from './contract.ts';
import { simulatedPlace } from './contract.ts';
import type { Faults } from './faults/faults.ts';
import { createRandom } from './kernel/random.ts';
import { createStory, type Story } from './kernel/story.ts';
import { createTimeline, type Timeline } from './kernel/timeline.ts';
import { type AwsModels, createAwsModels } from './models/aws/index.ts';
import { createKafkaModel } from './models/kafka/index.ts';

export interface WorldOptions {
  /** The seed that everything follows from. */
  readonly seed: string;
  readonly stack: SimulatedStack;
  readonly hosts: readonly SimulatedHost[];
  readonly faults: (clock: Timeline, random: Random) => Faults;
}

/** A call that had its effect. */
export interface ServedCall {
  readonly invocation: Invocation;
  readonly service: SdkService | 'kafka';
  readonly operation: string;
  /** Of Kafka's calls the `values`, just before they are served. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: unknown;
}

/** A line to a function that breaks has lasted no longer. */
const longestUncutMs = 3_000;

/** The whole ring: the real functions, machines and rules over models of AWS and Kafka, on one virtual clock. */
export interface World {
  readonly seed: string;
  readonly clock: Timeline;
  readonly random: Random;
  readonly story: Story;
  readonly faults: Faults;
  readonly calls: ExternalCalls;
  readonly deadLetters: DeadLetterQueues;
  readonly lambda: Lambda;
  readonly stepFunctions: StepFunctions;
  readonly aws: AwsModels;
  readonly kafka: KafkaModel;
  /** The processes that run now, by task ARN. */
  readonly containers: ReadonlyMap<string, ContainerRun>;
  /** Every start of a container, in order. */
  readonly starts: readonly ContainerRun[];
  /** Called when a thing has happened, and everything that needed no time for it. */
  onStep(listener: () => void): void;
  /** Called after each call that a service served. */
  onServed(listener: (call: ServedCall) => void): void;
  /** Sends a request to the HTTP API. */
  request(request: HttpRequest): Promise<HttpAnswer & { readonly invocationId: number }>;
  /** What was broken so far; the first one ends the run. */
  readonly violations: Violation[];
}

export function createWorld(options: WorldOptions): World {
  const { seed, stack } = options;
  const random = createRandom(seed);
  const stepListeners: (() => void)[] = [];
  const clock = createTimeline(() => {
    for (const listener of stepListeners) listener();
  });
  const story = createStory(clock);
  const faults = options.faults(clock, random.fork('faults'));
  const violations: Violation[] = [];
  const newId = createIds(random.fork('ids'));
  const listeners: ((call: ServedCall) => void)[] = [];
  const kafka = createKafkaModel({ clock, random: random.fork('kafka') });
  const processes = watchProcesses(kafka.programs, story);
  const deadLetters = createDeadLetterQueues(clock);
  const bus = createEventBus({
    ...{ clock, random: random.fork('bus'), faults, story, rules: stack.rules, newId },
    deliver: (targetArn, text) => deliver(targetArn, text),
    onUndelivered: (text) => deadLetters.put('undelivered', text),
  });
  const aws: AwsModels = createAwsModels({
    ...{ clock, random: random.fork('aws'), programs: processes.programs, emit: bus.emit, disks: kafka },
  });
  for (const host of options.hosts) aws.addHost(host);
  const calls = createExternalCalls({ clock, random: random.fork('calls'), faults, story });
  const functionNames = new Map(stack.functions.map(({ arn, name }) => [arn, name]));
  /** Source: Step Functions developer guide, error names of the Lambda integration. */
  const cutOff = () =>
    new Promise<InvokeOutcome>((resolve) => {
      const outcome = { errorType: 'Lambda.SdkClientException', errorMessage: 'Unable to execute HTTP request' };
      clock.after(random.below(longestUncutMs), 'a line breaks', () => resolve({ type: 'failed', ...outcome }));
    });
  const callFunction = async (functionArn: string, payload: unknown): Promise<InvokeOutcome> => {
    const name = functionNames.get(functionArn) ?? functionArn;
    const fault = faults.ofInvocation(name);
    if (fault === 'none') return lambda.invoke(name, payload);
    story.tell(`FAULT ${fault}: ${name}`);
    if (fault === 'invocation doubled')
      return Promise.race([lambda.invoke(name, payload), lambda.invoke(name, payload)]);
    if (fault === 'invocation cut off') return Promise.race([lambda.invoke(name, payload), cutOff()]);
    return { type: 'failed', errorType: 'Lambda.TooManyRequestsException', errorMessage: 'Rate Exceeded.' };
  };
  const stepFunctions = createStepFunctions({
    ...{ clock, random: random.fork('machines'), story, emit: bus.emit, machines: stack.machines, newId },
    callFunction,
  });
  const services: Readonly<Record<SdkService, ModelledService>> = {
    dynamodb: aws.dynamodb,
    ecs: aws.ecs,
    ec2: aws.ec2,
    sfn: stepFunctions,
  };
  // The second try of a transaction whose answer was lost is answered from memory and writes nothing.
  const transactions = new Set<string>();
  const isRepeated = ({ ClientRequestToken: token }: { ClientRequestToken?: string }) => {
    if (token === undefined) return false;
    if (transactions.has(token)) return true;
    transactions.add(token);
    return false;
  };
  const served = (service: SdkService, invocation: Invocation): ModelledService => ({
    async call(operation, input) {
      const output = await callOrReport(services[service], { service, operation, input, violations });
      if (!isRepeated(Object(input)))
        for (const listener of listeners) listener({ invocation, service, operation, input: Object(input), output });
      return output;
    },
  });
  const lambda: Lambda = createLambda({
    ...{ clock, random: random.fork('lambda'), faults, story },
    onFailure: (record) => deadLetters.put('failed', JSON.stringify(record)),
    functions: joinFunctions(stack, {
      ...{ clock, kafka: kafka.admin, calls, newId, buckets: createTokenBuckets(clock) },
      service: served,
      onKafka: (invocation, operation, values) => {
        for (const listener of listeners)
          listener({ invocation, service: 'kafka', operation, input: { values }, output: undefined });
      },
      deployment: createDeployment(deadLetters.queues),
    }),
  });
  const deliver = (targetArn: string, text: string) => {
    const name = functionNames.get(targetArn);
    if (name === undefined) stepFunctions.startByRule(targetArn, text);
    else lambda.invokeLater(name, JSON.parse(text));
  };
  bus.start();
  return {
    ...{ seed, clock, random, story, faults, calls, lambda, stepFunctions, aws, kafka, violations, deadLetters },
    containers: processes.live,
    starts: processes.starts,
    onStep: (listener) => void stepListeners.push(listener),
    onServed: (listener) => void listeners.push(listener),
    async request(request) {
      const event = apiEvent(request, { requestId: newId(), now: clock.now() });
      let invocationId = -1;
      const outcome = await lambda.invoke(functionOf(request), event, ({ id }) => {
        invocationId = id;
      });
      const answer = httpAnswer(outcome);
      story.tell(
        `REQUEST ${request.method} ${request.path} ${JSON.stringify(request.body ?? request.query ?? '')}: ${answer.status}`,
      );
      return { ...answer, invocationId };
    },
  };
}

function httpAnswer(outcome: InvokeOutcome): HttpAnswer {
  // API Gateway answers so for a function that failed.
  if (outcome.type === 'failed') return { status: 500, body: { message: 'Internal Server Error' } };
  const { statusCode, body }: { statusCode: number; body?: string } = Object(outcome.payload);
  return { status: statusCode, body: body?.startsWith('{') || body?.startsWith('[') ? JSON.parse(body) : body };
}

/** What a model does not do is a gap of the simulation, and never an error that the product may get over. */
async function callOrReport(
  model: ModelledService,
  call: {
    readonly service: string;
    readonly operation: string;
    readonly input: unknown;
    readonly violations: Violation[];
  },
): Promise<unknown> {
  const { service, operation, input, violations } = call;
  try {
    return await model.call(operation, input);
  } catch (error) {
    const isAnswer = error instanceof Error && '$fault' in error && error.name !== 'UnsupportedOperation';
    if (isAnswer) throw error;
    violations.push({
      rule: 'the simulation knows what is asked of it',
      story: `${service}.${operation}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    });
    throw error;
  }
}

/** Keeps the list of processes. */
function watchProcesses(programs: Programs, story: Story) {
  const live = new Map<string, ContainerRun>();
  const starts: ContainerRun[] = [];
  const start = (run: ContainerRun): RunningContainer => {
    const exited = (exitCode: number) => {
      if (!live.delete(run.taskArn)) return;
      story.tell(`process ${run.startedBy} ends with ${exitCode}`);
      run.exited(exitCode);
    };
    const container = programs.start({ ...run, exited });
    starts.push(run);
    live.set(run.taskArn, run);
    story.tell(`process ${run.startedBy} starts on ${run.host.instanceId}`);
    const kill = () => {
      if (live.delete(run.taskArn)) story.tell(`process ${run.startedBy} is killed`);
      container.kill();
    };
    return { terminate: () => container.terminate(), kill };
  };
  return { live, starts, programs: { start } };
}

/** UUIDs of version 4 that only the seed decides. */
function createIds(random: Random): () => string {
  const hex = (digits: number) => {
    let text = '';
    for (let digit = 0; digit < digits; digit++) text += '0123456789abcdef'.charAt(random.below(16));
    return text;
  };
  return () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(random.below(4))}${hex(3)}-${hex(12)}`;
}

/** Hosts of the usual kind, spread over three zones. */
export function createHosts(count: number): readonly SimulatedHost[] {
  return Array.from({ length: count }, (_, index) => createHost(index));
}

export function createHost(index: number): SimulatedHost {
  const id = (index + 1).toString(16).padStart(17, '0');
  const { accountId, region } = simulatedPlace;
  return {
    instanceId: `i-${id}`,
    containerInstanceArn: `arn:aws:ecs:${region}:${accountId}:container-instance/Warden/${id.padStart(32, '0')}`,
    zone: `${region}${'abc'.charAt(index % 3)}`,
    address: `10.0.${index % 3}.${10 + index}`,
    cpuUnits: 4096,
    memoryMiB: 16_384,
  };
}
