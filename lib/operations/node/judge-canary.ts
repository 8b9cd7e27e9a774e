import { strict as assert } from 'node:assert';
import { canaryFailure, canaryOf } from '../../model/plan/canary-failure.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, ServiceState } from '../../model/state.ts';
import type { HeldNode, NodeStepPorts, NodeStepRequest, StepResult } from './node-step.ts';

/** What there is to take back. */
export interface FailedCanary {
  readonly reason: string;
  /** The target config. */
  readonly config: ServiceConfig;
  /** The one to go back to. */
  readonly previous: ServiceConfig;
}

/** Whether the node of this step is a canary that has failed where the service rolls back by itself. */
export async function failedCanary(
  { store, clock }: NodeStepPorts,
  request: NodeStepRequest,
  { state, goal }: { readonly state: ServiceState; readonly goal: NodeGoal },
): Promise<FailedCanary | undefined> {
  const canary = canaryOf(state, request);
  if (canary === undefined) return undefined;
  const config = await store.readConfig(state.target.service, state.target.configId);
  const previous = await store.readConfig(state.target.service, canary.previousConfigId);
  assert(config !== undefined && previous !== undefined, 'configs are kept while their service lives');
  const reason = canaryFailure({ state, canary, config, previous, goal, now: clock() });
  return reason === undefined ? undefined : { reason, config, previous };
}

/** Ends the step with `CanaryFailed` when the first node of an update has failed and the service rolls back by itself. */
export async function judgeCanary(
  ports: NodeStepPorts,
  request: NodeStepRequest,
  node: HeldNode,
): Promise<StepResult | undefined> {
  const failed = await failedCanary(ports, request, node);
  return failed && { type: 'failed', error: 'CanaryFailed', cause: failed.reason };
}
