import { type Json, jsonSizeBytes } from './json.ts';

/** Largest input, output, task result or assignment of a state, in UTF-8 bytes. Source: Step Functions quotas. */
export const payloadLimitBytes = 262_144;

/** Largest sum of an execution's variables, in UTF-8 bytes. Source: Step Functions developer guide, variables. */
export const variablesLimitBytes = 10 * 1024 * 1024;

/** Most events of one execution; the last one says that the execution failed. Source: Step Functions quotas. */
export const historyLimit = 25_000;

/** What a Retry or a Catch sees: an error name and its cause. */
export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** A state failed in the words of the Amazon States Language; anything else that is thrown is a defect. */
export class StateFailure extends Error implements Failure {
  readonly error: string;
  override readonly cause: string;
  /** The field whose expression failed; it makes an EvaluationFailed event. */
  readonly location: string | undefined;

  constructor(error: string, cause: string, location?: string) {
    super(`${error}: ${cause}`);
    this.name = 'StateFailure';
    this.error = error;
    this.cause = cause;
    this.location = location;
  }
}

/**
 * Whether a Retry or Catch with these names takes this error.
 * Source: Step Functions developer guide, error names: States.Runtime ends an execution whatever is written;
 * the wildcards do not take States.DataLimitExceeded; States.TaskFailed takes all but States.Timeout.
 */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  if (error === 'States.Runtime') return false;
  if (errorEquals.includes(error)) return true;
  if (error === 'States.DataLimitExceeded') return false;
  if (errorEquals.includes('States.ALL')) return true;
  if (error === 'States.HeartbeatTimeout' && errorEquals.includes('States.Timeout')) return true;
  return error !== 'States.Timeout' && errorEquals.includes('States.TaskFailed');
}

/** Refuses a payload above the limit. @throws StateFailure States.DataLimitExceeded */
export function checkPayload(value: Json, what: string): void {
  const sizeBytes = jsonSizeBytes(value);
  if (sizeBytes <= payloadLimitBytes) return;
  throw new StateFailure(
    'States.DataLimitExceeded',
    `${what} has ${sizeBytes} bytes, which exceeds the maximum of ${payloadLimitBytes} bytes. ` +
      'Pass a reference to the data instead.',
  );
}
