import { podName } from '../model/node.ts';
import { changeSentences } from '../model/plan/change-sentences.ts';
import { configToGoBackTo } from '../model/plan/config-to-go-back-to.ts';
import type { NodeChange } from '../model/plan/node-change.ts';
import type { Proposal, ServiceState } from '../model/state.ts';
import type { ApiPorts } from './install-service.ts';
import { nodeChanges } from './node-changes.ts';
import { resumePlan } from './run-plan.ts';
import { acceptUpdate } from './update-service.ts';

export type ApplyResult =
  | { readonly type: 'accepted'; readonly planId: string }
  /** It was applied before. */
  | { readonly type: 'already'; readonly planId: string }
  | { readonly type: 'no service' }
  | { readonly type: 'no proposal' }
  | { readonly type: 'changed meanwhile'; readonly detail: string };

/**
 * Starts the plan of a proposal exactly as it was shown, if the service still is as it was then, and would become of each
 * node what was shown. Idempotent: once applied, the same id answers so.
 */
export async function applyProposal(
  ports: ApiPorts,
  { service, planId, requestedBy }: { readonly service: string; readonly planId: string; readonly requestedBy: string },
): Promise<ApplyResult> {
  const state = await ports.store.readService(service);
  if (state === undefined) return { type: 'no service' };
  if (isApplied(state, planId)) {
    // The process may have died before it started the plan's run.
    if (state.wish.planId === planId) await resumePlan(ports, state);
    return { type: 'already', planId };
  }
  const proposal = await ports.store.readProposal(service, planId);
  if (proposal === undefined) return { type: 'no proposal' };
  const { plan, config, target, basedOn } = proposal;
  const previous = { service, planId: basedOn.planId };
  const isUnchanged = state.wish.planId === basedOn.planId && state.target.configId === basedOn.configId;
  const createdAt = ports.clock();
  const other = isUnchanged ? await otherChange(ports, state, proposal) : undefined;
  if (other !== undefined) return { type: 'changed meanwhile', detail: other };
  // The plan before it may be complete by now.
  const applied = { ...plan, createdAt, requestedBy, previousConfigId: configToGoBackTo(state) };
  const accepted = isUnchanged && (await acceptUpdate(ports, { plan: applied, config, target, previous, basedOn }));
  if (accepted) return { type: 'accepted', planId };
  // Whoever was faster may have applied this very one.
  const now = await ports.store.readService(service);
  if (now !== undefined && isApplied(now, planId)) return { type: 'already', planId };
  return { type: 'changed meanwhile', detail: changedDetail(basedOn.planId) };
}

function isApplied({ plans }: ServiceState, planId: string): boolean {
  return plans.some(({ id }) => id === planId);
}

function changedDetail(planId: string): string {
  return `The preview was made while plan ${planId} was the newest one, and the service has changed since. ${askAnew}`;
}

const askAnew = 'Ask for a new preview';

/** What would become of a node by now, where the preview shows something else: the plan before may have gone on since. */
async function otherChange(
  ports: ApiPorts,
  state: ServiceState,
  { plan, config }: Proposal,
): Promise<string | undefined> {
  const steps = plan.phases.flatMap((phase) => phase.steps);
  const changes = await nodeChanges(ports, state, { nodeIds: steps.map(({ nodeId }) => nodeId), target: config });
  for (const { nodeId, change: shown } of steps) {
    const now = changes.get(nodeId);
    if (shown === undefined || now === undefined || told(shown) === told(now)) continue;
    return `Of ${podName(nodeId)} the preview says: ${told(shown)}. By now it would be: ${told(now)}. ${askAnew}`;
  }
  return undefined;
}

function told(change: NodeChange): string {
  return changeSentences(change).join('; ');
}
