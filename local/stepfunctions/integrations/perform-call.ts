import type { CallActivity } from '../interpreter/activities.ts';
import type { ExecutionIdentity, Outcome } from '../interpreter/execution-state.ts';
import { StateFailure } from '../interpreter/failure.ts';
import { isJsonObject, type Json } from '../interpreter/json.ts';
import { callerOf, callService, type RoleCalls } from './call-service.ts';
import { findIntegration, type Integration, loadOperation } from './integration-table.ts';
import { invokeFunction, invokeFunctionByArn } from './invoke-function.ts';
import { fromSdkValue, toSdkValue } from './sdk-values.ts';
import { type KnownExecution, readClosedChild, startChild } from './start-child.ts';

/** What calls of one execution need. */
export interface CallSurroundings extends RoleCalls {
  readonly identity: ExecutionIdentity;
  readonly findExecution: (executionArn: string) => KnownExecution | undefined;
}

/** Makes a task's call as the machine's role. A failure in the Amazon States Language's words is an outcome. */
export async function performCall(surroundings: CallSurroundings, call: CallActivity): Promise<Outcome> {
  return outcomeOf(() => makeCall(surroundings, call));
}

/** Turns a StateFailure into an outcome. */
async function outcomeOf(work: () => Promise<Json>): Promise<Outcome> {
  try {
    return { type: 'succeeded', output: await work() };
  } catch (error) {
    return failedOutcome(error);
  }
}

/** Rethrows what is no StateFailure: it is a defect. */
function failedOutcome(error: unknown): Outcome {
  if (!(error instanceof StateFailure)) throw error;
  return { type: 'failed', failure: { error: error.error, cause: error.cause } };
}

/** How a closed child ended, as its `.sync:2` task sees it. */
export async function awaitClosedChild(calls: RoleCalls, childArn: string): Promise<Outcome> {
  try {
    return await readClosedChild(calls, childArn);
  } catch (error) {
    return failedOutcome(error);
  }
}

/** Stops the child of an abandoned task, as far as the role and the child allow. */
export async function stopChild({ cloud, roleArn }: RoleCalls, childArn: string): Promise<void> {
  try {
    await cloud.call('sfn', 'StopExecution', { executionArn: childArn }, callerOf(roleArn));
  } catch (error) {
    // Best effort, as AWS calls it: the child may never have begun, or the role may not stop it.
    cloud.log(`Step Functions: the child ${childArn} was not stopped: ${String(error)}`);
  }
}

async function makeCall(surroundings: CallSurroundings, call: CallActivity): Promise<Json> {
  const { resource, arguments: parameters } = call;
  if (resource.type === 'function') return invokeFunctionByArn(surroundings, resource.functionArn, parameters);
  const integration = findIntegration(resource);
  if (typeof integration === 'string') throw new StateFailure('States.Runtime', integration);
  if (resource.sdk) return callSdk(surroundings, integration, parameters);
  switch (resource.service) {
    case 'lambda':
      return invokeFunction(surroundings, parameters);
    case 'states': {
      const { scheduledAt } = call;
      const { findExecution } = surroundings;
      return startChild(surroundings, { integration, parameters, scheduledAt, findExecution });
    }
    case 'events':
      return putEvents(surroundings, integration, parameters);
    default:
      return callSdk(surroundings, integration, parameters);
  }
}

async function callSdk(calls: RoleCalls, integration: Integration, parameters: Json): Promise<Json> {
  const { module, operation } = await loadOperation(integration);
  if (operation === undefined) {
    throw new StateFailure('States.Runtime', `${integration.service} has no operation '${integration.operation}'.`);
  }
  const input = Object(toSdkValue(operation.input, parameters));
  const output = await callService(calls, { integration, module, input });
  return fromSdkValue(operation.output, output, (time) => time.toISOString());
}

/** Source: Step Functions developer guide, EventBridge: both ARNs join Resources; one refused entry fails the task. */
async function putEvents(surroundings: CallSurroundings, integration: Integration, parameters: Json): Promise<Json> {
  const { executionArn, stateMachineArn } = surroundings.identity;
  const given = isJsonObject(parameters) ? parameters : {};
  const entries = Array.isArray(given['Entries']) ? given['Entries'] : [];
  const output = await callSdk(surroundings, integration, {
    ...given,
    Entries: entries.map((entry) => {
      if (!isJsonObject(entry)) return entry;
      const resources = Array.isArray(entry['Resources']) ? entry['Resources'] : [];
      return { ...entry, Resources: [...resources, executionArn, stateMachineArn] };
    }),
  });
  const isRefused =
    isJsonObject(output) && typeof output['FailedEntryCount'] === 'number' && output['FailedEntryCount'] > 0;
  if (isRefused) throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(output));
  return output;
}
