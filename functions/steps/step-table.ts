import { payloadVersion } from '../../lib/model/plan/execution.ts';
import type { NodeStep } from './node-step-handler.ts';
import { PayloadVersionError, type StepPayload, UnknownStepError } from './step-payload.ts';

/** What a function does with a payload. */
export type StepFunction = (payload: StepPayload) => Promise<Readonly<Record<string, unknown>>>;

/** The steps of one function by the names of their states. */
export interface StepTable {
  /** Steps of one node: they hold its lease and explain what they wait for. */
  readonly nodeSteps: Readonly<Record<string, NodeStep>>;
  /** Steps of a service or of all services. */
  readonly serviceSteps: Readonly<Record<string, StepFunction>>;
}

/** The payload if its version is read here. */
export function checkPayload(payload: StepPayload): StepPayload {
  if (payload.v === payloadVersion) return payload;
  throw new PayloadVersionError(`payload version ${payload.v ?? 'none'}: this function reads ${payloadVersion}`);
}

/** The entry of a table of steps. */
export function pick<Step>(steps: Readonly<Record<string, Step>>, name: string): Step {
  const step = steps[name];
  if (step === undefined) throw new UnknownStepError(`step "${name}": known are ${Object.keys(steps).join(', ')}`);
  return step;
}
