import type { CallActivity } from '../../../local/stepfunctions/interpreter/activities.ts';
import type { Outcome } from '../../../local/stepfunctions/interpreter/execution-state.ts';
import { isJsonObject, type Json } from '../../../local/stepfunctions/interpreter/json.ts';
import { ServiceError } from '../contract.ts';
import type { InvokeOutcome } from './lambda.ts';

/** Calls a function by its ARN; `error` is an answer of Lambda itself, which never ran the function. */
export type FunctionCaller = (functionArn: string, payload: Json) => Promise<InvokeOutcome>;

interface Surroundings {
  readonly callFunction: FunctionCaller;
  /** Throws ServiceError. */
  readonly startChild: (machineArn: string, name: string, input: string) => unknown;
}

/** Makes the call of a task: the two integrations that our machines use. Others are a defect of the simulation. */
export async function performTask(call: CallActivity, { callFunction, startChild }: Surroundings): Promise<Outcome> {
  const { resource } = call;
  const parameters = isJsonObject(call.arguments) ? call.arguments : {};
  if (resource.type === 'integration' && resource.service === 'lambda' && resource.action === 'invoke') {
    return functionOutcome(await callFunction(String(parameters['FunctionName']), parameters['Payload'] ?? {}));
  }
  if (resource.type === 'integration' && resource.service === 'states' && resource.action === 'startExecution') {
    const { StateMachineArn: machineArn, Name: name, Input: input } = parameters;
    try {
      startChild(String(machineArn), String(name), JSON.stringify(input ?? {}));
      return { type: 'succeeded', output: {} };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const failure = {
        error: `StepFunctions.${error.name.replace(/(Exception)?$/, 'Exception')}`,
        cause: error.message,
      };
      return { type: 'failed', failure };
    }
  }
  throw new Error(`the simulation does not make the call of ${call.state}`);
}

function functionOutcome(outcome: InvokeOutcome): Outcome {
  if (outcome.type === 'returned') {
    return {
      type: 'succeeded',
      output: { ExecutedVersion: '$LATEST', Payload: outcome.payload as Json, StatusCode: 200 },
    };
  }
  const { errorType, errorMessage } = outcome;
  return { type: 'failed', failure: { error: errorType, cause: JSON.stringify({ errorType, errorMessage }) } };
}
