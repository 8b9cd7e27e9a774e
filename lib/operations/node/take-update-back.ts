import { configDifferences } from '../../model/plan/config-difference.ts';
import type { NewId } from '../../ports/clock.ts';
import type { PlanRunner } from '../../ports/plan-runner.ts';
import { planTowards, targetOf } from '../plan-towards.ts';
import { acceptUpdate } from '../update-service.ts';
import { failedCanary } from './judge-canary.ts';
import { changedMeanwhile, done, type NodeStepPorts, type NodeStepRequest, type StepResult } from './node-step.ts';

type Ports = NodeStepPorts & { readonly planRunner: PlanRunner; readonly newId: NewId };

/** Who asked, in the history. */
const requestedBy = 'warden';

/**
 * Makes the config that the update led away from the target again, by a plan of its own that says why. Idempotent: done
 * when the update is no longer the wish. The step that calls it holds the failed node, and goes on into the old config.
 */
export async function takeUpdateBack(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  const { service, nodeId, planId = '' } = request;
  const state = await ports.store.readService(service);
  const goal = state?.goals.find((candidate) => candidate.nodeId === nodeId);
  if (state === undefined || goal === undefined) return done;
  const failed = await failedCanary(ports, request, { state, goal });
  // Meanwhile in sync, or taken over: there is nothing to take back.
  if (failed === undefined) return done;
  const { reason, config: current, previous: config } = failed;
  const target = targetOf(state, config);
  const { plan: back } = await planTowards(ports, {
    ...{ state, config, target, requestedBy, strategy: 'serial' },
    ...{ differences: configDifferences(current, config), takesBack: { planId, reason } },
  });
  const accepted = await acceptUpdate(ports, {
    ...{ plan: back, config, target, previous: state.wish, basedOn: state.target, kind: 'roll back' },
  });
  return accepted ? done : changedMeanwhile;
}
