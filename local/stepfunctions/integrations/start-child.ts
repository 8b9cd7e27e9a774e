import type { Outcome } from '../interpreter/execution-state.ts';
import { StateFailure } from '../interpreter/failure.ts';
import { isJsonObject, type Json, parseJson } from '../interpreter/json.ts';
import { callService, type RoleCalls } from './call-service.ts';
import { type Integration, loadOperation } from './integration-table.ts';
import { fromSdkValue, toSdkValue } from './sdk-values.ts';

/** What this service knows of an execution without asking as anybody's role. */
export interface KnownExecution {
  readonly input: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** The start of a child, as its task was scheduled. */
export interface ChildStart {
  readonly integration: Integration;
  /** Its Name was chosen before the first try. */
  readonly parameters: Json;
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
  readonly findExecution: (executionArn: string) => KnownExecution | undefined;
}

/**
 * Starts a child. A try whose answer was lost in a crash is made again: a child of the chosen name and input that
 * began after the task was scheduled is the one of the first try, even when it has closed since. @throws StateFailure
 */
export async function startChild(calls: RoleCalls, start: ChildStart): Promise<Json> {
  const { module, operation } = await loadOperation(start.integration);
  if (operation === undefined) throw new Error('The Step Functions client has no operation StartExecution.');
  const input = Object(toSdkValue(operation.input, isJsonObject(start.parameters) ? start.parameters : {}));
  try {
    const output = await callService(calls, { integration: start.integration, module, input });
    return fromSdkValue(operation.output, output, (time) => time.getTime());
  } catch (error) {
    const isTaken = error instanceof StateFailure && error.error === 'StepFunctions.ExecutionAlreadyExistsException';
    const own = isTaken ? findOwnChild(start, input) : undefined;
    if (own === undefined) throw error;
    return own;
  }
}

function findOwnChild(
  start: ChildStart,
  input: { stateMachineArn?: string; name?: string; input?: string },
): Json | undefined {
  const executionArn = `${String(input.stateMachineArn).replace(':stateMachine:', ':execution:')}:${input.name}`;
  const known = start.findExecution(executionArn);
  if (known === undefined || known.startedAt < start.scheduledAt || known.input !== (input.input ?? '{}'))
    return undefined;
  return { ExecutionArn: executionArn, StartDate: known.startedAt };
}

const describeExecution: Integration = {
  service: 'sfn',
  operation: 'DescribeExecution',
  errorPrefix: 'StepFunctions',
  unmodeledError: 'AWSStepFunctionsException',
};

/** What `.sync:2` gives for a closed child: its description, with input and output as JSON. */
export async function readClosedChild(calls: RoleCalls, executionArn: string): Promise<Outcome> {
  const { module, operation } = await loadOperation(describeExecution);
  if (operation === undefined) throw new Error('The Step Functions client has no operation DescribeExecution.');
  const output = await callService(calls, { integration: describeExecution, module, input: { executionArn } });
  const members = fromSdkValue(operation.output, output, (time) => time.getTime());
  const description = isJsonObject(members) ? members : {};
  const { Input: childInput, Output: childOutput, Status: status } = description;
  const result = {
    ...description,
    ...(typeof childInput === 'string' ? { Input: parseJson(childInput) } : {}),
    ...(typeof childOutput === 'string' ? { Output: parseJson(childOutput) } : {}),
  };
  return status === 'SUCCEEDED'
    ? { type: 'succeeded', output: result }
    : { type: 'failed', failure: { error: 'States.TaskFailed', cause: JSON.stringify(result) } };
}
