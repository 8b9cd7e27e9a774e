import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionStatus, Machine, PlanRunner, TokenAnswer } from '../ports/plan-runner.ts';
import { awsCall, PlanRunnerError } from './operating-errors.ts';

/** Whatever takes the commands of Step Functions. */
type Client = Pick<SFNClient, 'send'>;

/**
 * The port PlanRunner on Step Functions. `machinePrefix` is what the ARNs of our machines begin with:
 * `arn:…:stateMachine:<stack>-`.
 */
export function createSfnPlanRunner(options: { readonly machinePrefix: string; readonly client?: Client }): PlanRunner {
  const { client = new SFNClient({}) } = options;
  const machineArn = (machine: Machine) => `${options.machinePrefix}${machine}`;
  const arnOf = (machine: Machine, name: string) =>
    `${machineArn(machine).replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    arnOf,
    start: (machine, name, input) =>
      awsCall(
        async () => {
          const command = new StartExecutionCommand({
            stateMachineArn: machineArn(machine),
            name,
            input: JSON.stringify(input),
          });
          return (await client.send(command)).executionArn ?? arnOf(machine, name);
        },
        {
          asked: `start ${machine} ${name}`,
          as: PlanRunnerError,
          // It ran and ended: by our naming it did what this start wants.
          known: { ExecutionAlreadyExists: () => arnOf(machine, name) },
        },
      ),
    status: (executionArn) =>
      awsCall(() => describeStatus(client, executionArn), {
        asked: `describe ${executionArn}`,
        as: PlanRunnerError,
        known: { ExecutionDoesNotExist: () => ({ type: 'unknown' }) },
      }),
    answer: (token, answer) =>
      awsCall(() => sendAnswer(client, token, answer), {
        asked: `answer a waiting step with ${answer.type}`,
        as: PlanRunnerError,
        // AWS and its documents differ about which of them a used token gives.
        known: { TaskTimedOut: () => false, TaskDoesNotExist: () => false, InvalidToken: () => false },
      }),
  };
}

async function describeStatus(client: Client, executionArn: string): Promise<ExecutionStatus> {
  const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
  if (execution.status === 'RUNNING' || execution.status === 'PENDING_REDRIVE') return { type: 'running' };
  return { type: 'ended', succeeded: execution.status === 'SUCCEEDED', endedAt: execution.stopDate?.getTime() ?? 0 };
}

async function sendAnswer(client: Client, taskToken: string, answer: TokenAnswer): Promise<boolean> {
  switch (answer.type) {
    case 'done':
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer.output) }));
      return true;
    case 'look again':
      await client.send(new SendTaskFailureCommand({ taskToken, error: 'LookAgain', cause: answer.cause }));
      return true;
    case 'failed':
      await client.send(new SendTaskFailureCommand({ taskToken, error: answer.error, cause: answer.cause }));
      return true;
  }
}
