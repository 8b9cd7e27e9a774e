import type { SendTaskFailureInput, SendTaskHeartbeatInput, SendTaskSuccessInput } from '@aws-sdk/client-sfn';
import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import type { Executions } from './executions.ts';
import type { ExecutionRunner } from './interpreter/execution-runner.ts';
import { frameOfToken } from './interpreter/execution-state.ts';
import { payloadLimitBytes } from './interpreter/failure.ts';
import { type Json, parseJson } from './interpreter/json.ts';
import { decodeTaskToken } from './interpreter/task-token.ts';

/** The operations with which a task token is settled. What they answer is stored when they answer it. */
export function createTokenHandlers(executions: Executions): Handlers {
  return {
    SendTaskSuccess: async (input: SendTaskSuccessInput) => {
      const output = checkOutput(input.output ?? '');
      const { runner, nonce } = findTask(executions, input.taskToken ?? '');
      const outcome = { type: 'succeeded', output } as const;
      if (!(await runner.deliver({ type: 'tokenSettled', nonce, outcome }))) throw taskTimedOut();
      return {};
    },
    SendTaskFailure: async (input: SendTaskFailureInput) => {
      const failure = { error: checkLength(input, 'error', 256), cause: checkLength(input, 'cause', 32_768) };
      const { runner, nonce } = findTask(executions, input.taskToken ?? '');
      const outcome = { type: 'failed', failure } as const;
      if (!(await runner.deliver({ type: 'tokenSettled', nonce, outcome }))) throw taskTimedOut();
      return {};
    },
    SendTaskHeartbeat: async (input: SendTaskHeartbeatInput) => {
      const { runner, nonce } = findTask(executions, input.taskToken ?? '');
      // A task without HeartbeatSeconds takes the beat and nothing changes.
      const isTaken = await runner.deliver({ type: 'tokenBeaten', nonce });
      if (!isTaken && frameOfToken(runner.state, nonce) === undefined) throw taskTimedOut();
      return {};
    },
  };
}

function findTask(executions: Executions, taskToken: string): { runner: ExecutionRunner; nonce: string } {
  const token = decodeTaskToken(taskToken);
  if (token === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  if (executions.index.get(token.executionArn) === undefined) {
    throw new AwsError('TaskDoesNotExist', `Task Does Not Exist: there is no execution '${token.executionArn}'`);
  }
  const runner = executions.runner(token.executionArn);
  if (runner === undefined) throw taskTimedOut();
  return { runner, nonce: token.nonce };
}

function taskTimedOut(): AwsError {
  return new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
}

function checkOutput(output: string): Json {
  const sizeBytes = Buffer.byteLength(output);
  if (sizeBytes > payloadLimitBytes) {
    throw new AwsError('InvalidOutput', `The output has ${sizeBytes} bytes; at most ${payloadLimitBytes} are allowed.`);
  }
  try {
    return parseJson(output);
  } catch (error) {
    // The text comes from outside: what is wrong with it is the answer.
    throw new AwsError('InvalidOutput', `Invalid Output: '${String(error)}'`);
  }
}

function checkLength(input: SendTaskFailureInput, member: 'error' | 'cause', most: number): string {
  const text = input[member] ?? '';
  if (text.length <= most) return text;
  throw new AwsError('ValidationException', `${member} has ${text.length} characters; at most ${most} are allowed.`);
}
