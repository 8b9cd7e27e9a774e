import { payloadVersion } from '../../lib/model/plan/execution.ts';
import { PayloadVersionError, type StepPayload, UnknownStepError } from './step-payload.ts';

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
