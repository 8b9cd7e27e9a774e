import { strict as assert } from 'node:assert';
import { canaryFailure } from '../../model/plan/canary-failure.ts';
import type { HeldNode, NodeStepPorts, NodeStepRequest, StepResult } from './node-step.ts';

/** Ends the step with `CanaryFailed` when the first node of an update has failed and the service rolls back by itself. */
export async function judgeCanary(
  ports: NodeStepPorts,
  { planId, stepId }: NodeStepRequest,
  { state, goal }: HeldNode,
): Promise<StepResult | undefined> {
  if (planId === undefined || stepId === undefined) return undefined;
  const config = await ports.store.readConfig(state.target.service, state.target.configId);
  assert(config !== undefined, `config ${state.target.configId} is kept while its service lives`);
  const cause = canaryFailure({ state, config, planId, stepId, goal, now: ports.clock() });
  return cause === undefined ? undefined : { type: 'failed', error: 'CanaryFailed', cause };
}
