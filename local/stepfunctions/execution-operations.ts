import { randomUUID } from 'node:crypto';
import type {
  DescribeExecutionInput,
  DescribeStateMachineForExecutionInput,
  GetExecutionHistoryInput,
  ListExecutionsInput,
  StartExecutionInput,
  StopExecutionInput,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import type { DefinitionStore } from './definition-store.ts';
import type { JournaledExecution } from './execution-journal.ts';
import type { Executions } from './executions.ts';
import { viewEvent, withoutData } from './history-view.ts';
import type { Clock } from './interpreter/clock.ts';
import { payloadLimitBytes } from './interpreter/failure.ts';
import { parseJson } from './interpreter/json.ts';
import type { Machines } from './machines.ts';
import { checkArn, checkName } from './names.ts';
import { takePage } from './page.ts';
import type { StateMachine } from './state-machine.ts';

/** What the operations on executions work on. */
export interface ExecutionOperations {
  readonly machines: Machines;
  readonly executions: Executions;
  readonly definitions: DefinitionStore;
  readonly clock: Clock;
  /** Told of each execution of a machine that begins. */
  readonly started: (machine: StateMachine) => void;
}

/** The operations on executions. */
export function createExecutionHandlers(operations: ExecutionOperations): Handlers {
  const { executions } = operations;
  return {
    StartExecution: (input: StartExecutionInput) => startExecution(operations, input),
    StopExecution: (input: StopExecutionInput) => stopExecution(executions, input),
    DescribeExecution: (input: DescribeExecutionInput) => describeExecution(executions, input),
    DescribeStateMachineForExecution: (input: DescribeStateMachineForExecutionInput) =>
      describeMachineForExecution(operations, input),
    ListExecutions: (input: ListExecutionsInput) => listExecutions(operations, input),
    GetExecutionHistory: (input: GetExecutionHistoryInput) => getHistory(executions, input),
  };
}

function startExecution(operations: ExecutionOperations, request: StartExecutionInput): object {
  const { machines, executions, clock } = operations;
  const machine = machines.find(request.stateMachineArn ?? '');
  if (machine.status === 'DELETING') {
    throw new AwsError('StateMachineDeleting', `State Machine Is Deleting: '${machine.stateMachineArn}'`);
  }
  const name = request.name === undefined ? randomUUID() : checkName(request.name);
  const input = checkInput(request.input ?? '{}');
  const executionArn = `${machine.stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const known = executions.find(executionArn);
  if (known !== undefined) return adoptStarted(known, input);
  const startedAt = clock.now();
  const { stateMachineArn, name: stateMachineName, roleArn, definitionHash, revisionId, updatedAt } = machine;
  executions.start({
    executionArn,
    name,
    stateMachineArn,
    stateMachineName,
    roleArn,
    definitionHash,
    revisionId,
    machineUpdatedAt: updatedAt,
    input,
    startedAt,
    ...(request.traceHeader === undefined ? {} : { traceHeader: request.traceHeader }),
  });
  operations.started(machine);
  return { executionArn, startDate: new Date(startedAt) };
}

/** Source: Step Functions API, StartExecution: idempotent while the execution of this name and input runs. */
function adoptStarted({ header, state }: Omit<JournaledExecution, 'events'>, input: string): object {
  const { executionArn, startedAt } = header;
  if (state.status === 'RUNNING' && header.input === input) return { executionArn, startDate: new Date(startedAt) };
  throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
}

function checkInput(input: string): string {
  const sizeBytes = Buffer.byteLength(input);
  if (sizeBytes > payloadLimitBytes) {
    const allowed = `at most ${payloadLimitBytes} are allowed`;
    throw new AwsError('InvalidExecutionInput', `The input has ${sizeBytes} bytes; ${allowed}.`);
  }
  try {
    parseJson(input);
    return input;
  } catch (error) {
    // The text comes from outside: what is wrong with it is the answer.
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${String(error)}'`);
  }
}

async function stopExecution(executions: Executions, input: StopExecutionInput): Promise<object> {
  const { header, state } = findExecution(executions, input.executionArn);
  const { error, cause } = input;
  await executions.runner(header.executionArn)?.deliver({
    type: 'stopped',
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  });
  const stoppedAt = executions.index.get(header.executionArn)?.stoppedAt ?? state.stoppedAt;
  if (stoppedAt === undefined) throw new Error(`The execution ${header.executionArn} did not stop.`);
  return { stopDate: new Date(stoppedAt) };
}

function findExecution(executions: Executions, executionArn = ''): Omit<JournaledExecution, 'events'> {
  const found = executions.find(checkArn(executionArn, 'execution'));
  if (found !== undefined) return found;
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
}

function describeExecution(executions: Executions, input: DescribeExecutionInput): object {
  const { header, state } = findExecution(executions, input.executionArn);
  const { executionArn, stateMachineArn, name, traceHeader } = header;
  return {
    executionArn,
    stateMachineArn,
    name,
    status: state.status,
    startDate: new Date(header.startedAt),
    stopDate: state.stoppedAt === undefined ? undefined : new Date(state.stoppedAt),
    input: header.input,
    inputDetails: { included: true },
    output: state.output,
    outputDetails: state.output === undefined ? undefined : { included: true },
    error: state.error,
    cause: state.cause,
    traceHeader,
    redriveCount: 0,
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'RedriveExecution is not done in the local cloud',
  };
}

/** The machine as it was when the execution started. */
function describeMachineForExecution(
  { executions, definitions, machines }: ExecutionOperations,
  input: DescribeStateMachineForExecutionInput,
): object {
  const { header } = findExecution(executions, input.executionArn);
  const machine = machines.get(header.stateMachineArn);
  return {
    stateMachineArn: header.stateMachineArn,
    name: header.stateMachineName,
    definition: definitions.text(header.definitionHash),
    roleArn: header.roleArn,
    updateDate: new Date(header.machineUpdatedAt),
    revisionId: header.revisionId,
    loggingConfiguration: machine?.loggingConfiguration,
    tracingConfiguration: machine?.tracingConfiguration,
  };
}

function listExecutions({ executions, machines }: ExecutionOperations, input: ListExecutionsInput): object {
  const members = ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken'];
  refuseMembers(input, { operation: 'sfn ListExecutions', members });
  const machine = machines.find(input.stateMachineArn ?? '');
  const all = executions.index.ofMachine(machine.stateMachineArn);
  const { statusFilter } = input;
  const { items, nextToken } = takePage(
    all.filter(({ status }) => statusFilter === undefined || status === statusFilter),
    input,
  );
  return {
    executions: items.map(({ executionArn, stateMachineArn, name, status, startedAt, stoppedAt }) => ({
      executionArn,
      stateMachineArn,
      name,
      status,
      startDate: new Date(startedAt),
      stopDate: stoppedAt === undefined ? undefined : new Date(stoppedAt),
      redriveCount: 0,
    })),
    nextToken,
  };
}

function getHistory(executions: Executions, input: GetExecutionHistoryInput): object {
  const { header } = findExecution(executions, input.executionArn);
  const events = executions.read(header.executionArn)?.events ?? [];
  const { items, nextToken } = takePage(input.reverseOrder === true ? events.toReversed() : events, input);
  const shown = input.includeExecutionData === false ? items.map(withoutData) : items;
  return { events: shown.map(viewEvent), nextToken };
}
