import {
  GetFunctionEventInvokeConfigCommand,
  LambdaServiceException,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNServiceException, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { type Installation, until } from './installation.ts';
import type { Statement } from './statements.ts';

/** The cheapest operation that needs a statement, and what its user sees without it. */
export interface Drive {
  readonly operation: string;
  readonly see: (installation: Installation, statement: Statement) => Promise<string>;
}

/** Drives that need nothing but the deployed stack and a service that runs. */
export function driveOf({ role, actions }: Statement): Drive | undefined {
  const has = (action: string) => actions.includes(action);
  const functionName = /^Functions(\w+)Role$/.exec(role)?.[1];
  const machine = /^Machines(\w+?)Role$/.exec(role)?.[1];
  if (functionName !== undefined) return functionDrive(functionName, has);
  if (machine !== undefined) return machineDrive(machine, has);
  return undefined;
}

type Has = (action: string) => boolean;

function functionDrive(name: string, has: Has): Drive | undefined {
  if (has('logs:PutLogEvents')) return freshLog(name);
  if (has('ec2:CreateNetworkInterface')) return configure(name);
  if (has('dynamodb:Query')) return readState(name);
  if (has('sqs:SendMessage')) return setDestination(name);
  if (has('secretsmanager:GetSecretValue')) return useToken(name);
  if (has('sqs:ReceiveMessage')) return lookForLostEvents;
  if (name === 'ApiDeployment' && has('cloudformation:UpdateTerminationProtection'))
    return ask('POST', '/admin/forbid-destroy');
  if (name === 'StepsUpkeep' && has('ecs:DescribeTasks')) return reconcile('kafka');
  if (name === 'StepsUpkeep' && has('ecs:ListTasks')) return tellTruth;
  if (name === 'Events' && has('ecs:DescribeTasks')) return taskEvent;
  return undefined;
}

function machineDrive(machine: string, has: Has): Drive | undefined {
  if (has('logs:CreateLogDelivery') || has('events:PutRule')) return update(machine);
  if (has('lambda:InvokeFunction')) return run(machine, 'a step of its own');
  // Those that come to their child, whatever the service is like.
  const walks = ['deploy', 'update', 'resume', 'replace', 'restart', 'pause'].includes(machine);
  if (walks && has('states:StartExecution')) return run(machine, 'the start of its child');
  if (walks && has('states:StopExecution')) return run(machine, 'the end of its child');
  return undefined;
}

/** So long are a principal's ARN and its session at most, before the words. */
const mostOfAPrincipal = 300;

/** The first words of a refusal, up to the action: of this very role, for the one before may still be told of another. */
export function refusalIn(text: string, { actions, roleName }: Statement): string | undefined {
  for (const action of actions) {
    const parts = text.split(` is not authorized to perform: ${action} `);
    const isOurs = parts.slice(0, -1).some((before) => before.slice(-mostOfAPrincipal).includes(`/${roleName}/`));
    if (isOurs) return `… is not authorized to perform: ${action} …`;
  }
  return undefined;
}

/** The refusal in a text that comes at once. */
function inAnswer(where: string, text: string, statement: Statement): string {
  const found = refusalIn(text, statement);
  if (found === undefined) throw new Error(`${where} does not name the denied action: ${text.slice(0, 300)}`);
  return `${where}: ${found}`;
}

function ask(method: string, path: string): Drive {
  return {
    operation: `${method} ${path}`,
    see: async (installation, statement) => {
      const answer = await installation.api(method, path);
      return inAnswer(answer.slice(0, 8), answer, statement);
    },
  };
}

export function reconcile(service: string): Drive {
  return {
    operation: `step Reconcile service of ${service}`,
    see: async (installation, statement) => {
      const answer = await installation.invoke('StepsUpkeep', { v: 1, step: 'Reconcile service', service });
      return inAnswer('error of the step', answer, statement);
    },
  };
}

/** Nothing fails over the queues: health says what hinders. */
const lookForLostEvents: Drive = {
  operation: 'step Take up lost events',
  see: async (installation, statement) => {
    await installation.invoke('StepsUpkeep', { v: 1, step: 'Take up lost events' });
    return inAnswer('GET /health', await installation.api('GET', '/health'), statement);
  },
};

const tellTruth: Drive = {
  operation: 'step Tell what is not known',
  see: async (installation, statement) =>
    inAnswer(
      'error of the step',
      await installation.invoke('StepsUpkeep', { v: 1, step: 'Tell what is not known' }),
      statement,
    ),
};

/** The functions of steps and events answer with the error that the machine's history and the queue show. */
function readState(name: string): Drive {
  if (name === 'Api') return ask('GET', '/services');
  if (name === 'ApiCommands') return ask('POST', '/v1/pod/kafka-0/restart');
  if (name === 'ApiDeployment') return ask('POST', '/admin/allow-destroy');
  if (name === 'ApiKafka') return ask('GET', '/v1/brokers');
  const node = { v: 1, service: 'kafka', nodeId: 0, kind: 'recovery', holder: 'proof' };
  const payloads: Readonly<Record<string, object>> = {
    StepsAws: { ...node, step: 'Await turn' },
    StepsUpkeep: { v: 1, step: 'List services' },
    StepsEc2: { ...node, step: 'Place' },
    StepsKafka: { ...node, step: 'May stop' },
    Events: hostEvent,
  };
  const payload = payloads[name];
  return {
    operation: `a call of ${name}`,
    see: async (installation, statement) =>
      inAnswer('error of the function', await installation.invoke(name, payload ?? {}), statement),
  };
}

/** The event is a hint: what is written is what ECS answers. */
const taskEvent: Drive = {
  operation: 'an event of a task',
  see: async (installation, statement) => {
    const detail = await installation.anyTask();
    const event = { 'detail-type': 'ECS Task State Change', source: 'aws.ecs', detail };
    return inAnswer('error of the function', await installation.invoke('Events', event), statement);
  },
};

/** Free capacity: waiting steps look again. */
export const hostEvent = {
  'detail-type': 'ECS Container Instance State Change',
  source: 'aws.ecs',
  detail: { ec2InstanceId: 'i-0' },
};

function freshLog(name: string): Drive {
  return {
    operation: `a new environment of ${name}`,
    see: async (installation, statement) => {
      const FunctionName = await installation.functionName(name);
      const before = installation.cloudLog().length;
      await installation.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 257 }));
      await installation.invoke(name, {});
      return until(`the cloud says that ${name} has no log`, 20, () => {
        const line = installation
          .cloudLog()
          .slice(before)
          .split('\n')
          .find((one) => one.includes('lambda: no logs in'));
        return line === undefined ? undefined : inAnswer('no log; the log of the cloud', line, statement);
      });
    },
  };
}

function configure(name: string): Drive {
  return {
    operation: `UpdateFunctionConfiguration of ${name}`,
    see: (installation, statement) =>
      refusedBy('the answer of Lambda', statement, async () => {
        const FunctionName = await installation.functionName(name);
        await installation.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName }));
      }),
  };
}

function setDestination(name: string): Drive {
  return {
    operation: `PutFunctionEventInvokeConfig of ${name}`,
    see: (installation, statement) =>
      refusedBy('the answer of Lambda', statement, async () => {
        const FunctionName = await installation.functionName(name);
        const { DestinationConfig } = await installation.lambda.send(
          new GetFunctionEventInvokeConfigCommand({ FunctionName }),
        );
        await installation.lambda.send(
          new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig, MaximumRetryAttempts: 2 }),
        );
      }),
  };
}

/** Its environment has the tokens for a minute: a new one reads them. */
function useToken(name: string): Drive {
  return {
    operation: 'any request',
    see: async (installation, statement) => {
      const FunctionName = await installation.functionName(name);
      await installation.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 258 }));
      const startTime = Date.now();
      // The gateway remembers who was allowed: another token is asked about.
      const answer = await installation.invoke(name, { headers: { authorization: 'token=proof' } });
      const log = await until('the function logs the refusal', 20, async () => {
        const text = await installation.functionLog(name, startTime);
        return refusalIn(text, statement);
      });
      inAnswer('error of the function', answer, statement);
      return `log of the function: ${log}`;
    },
  };
}

function update(machine: string): Drive {
  return {
    operation: `UpdateStateMachine of ${machine}`,
    see: (installation, statement) =>
      refusedBy('the answer of Step Functions', statement, async () => {
        const stateMachineArn = await installation.machineArn(machine);
        const { definition } = await installation.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
        await installation.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
      }),
  };
}

async function refusedBy(where: string, statement: Statement, act: () => Promise<void>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof LambdaServiceException) && !(error instanceof SFNServiceException)) throw error;
    return inAnswer(where, error.message, statement);
  }
  throw new Error(`${where} is no refusal`);
}

/** Runs the machine over a service that is complete: steps find nothing to do. */
function run(machine: string, what: string): Drive {
  return {
    operation: `an execution of ${machine}: ${what}`,
    see: async (installation, statement) => {
      const name = `proof-${Date.now().toString(36)}`;
      const executionArn = await installation.start(machine, name, await inputOf(installation, machine, name));
      try {
        return await until(`the history of ${name} names the refusal`, 40, async () => {
          const found = refusalIn(await installation.history(executionArn), statement);
          return found === undefined ? undefined : `history of the execution: ${found}`;
        });
      } finally {
        await installation.stop(executionArn).catch(() => undefined);
      }
    },
  };
}

/** Of the leases that a machine's steps take, where they are not a plan's. */
const kinds: Readonly<Record<string, string>> = { uninstall: 'uninstall', hibernate: 'hibernation' };

async function inputOf(installation: Installation, machine: string, name: string): Promise<object> {
  if (machine === 'reconcile') return { v: 1 };
  if (['recover', 'replace', 'restart', 'pause'].includes(machine)) return { v: 1, service: 'kafka', nodeId: 0 };
  if (machine === 'broker') return installation.firstInput('broker', 'kafka');
  const plan = await installation.firstInput('deploy', 'kafka');
  // A child of its own: names of executions are used once.
  const renamed = (items: unknown) =>
    (items as { nodeId: number }[]).map((item) => ({ ...item, executionName: `${name}-${item.nodeId}` }));
  return {
    ...plan,
    kind: kinds[machine] ?? plan['kind'],
    controllers: renamed(plan['controllers']),
    brokers: renamed(plan['brokers']),
    nodes: renamed(plan['nodes']),
    phases: (plan['phases'] as { steps: unknown }[]).map((phase) => ({ ...phase, steps: renamed(phase.steps) })),
  };
}
