import type { ServiceState, TaskSeen } from './state.ts';

/** So many plans are kept, beside those that something else still names. */
const keptPlans = 10;

/** What of a service can go: nothing is decided by it, and everybody reads it as long as it is there. */
export type OutdatedRecords = Pick<ServiceState, 'plans' | 'runs' | 'steps' | 'steering' | 'seen'>;

/**
 * All of the plans that are not among the newest, but the wish, the install and what a kept one takes back; also what
 * somebody late wrote of one that is gone. Of tasks the ends of earlier tries.
 */
export function outdatedRecords(state: ServiceState): OutdatedRecords {
  const kept = keptPlanIds(state);
  const isOutdated = ({ planId }: { readonly planId: string }): boolean => !kept.has(planId);
  return {
    plans: state.plans.filter(({ id }) => isOutdated({ planId: id })),
    runs: state.runs.filter(isOutdated),
    steps: state.steps.filter(isOutdated),
    steering: state.steering.filter(isOutdated),
    seen: state.seen.filter((seen) => isOfAnEarlierTry(state, seen)),
  };
}

function keptPlanIds({ plans, wish }: ServiceState): ReadonlySet<string> {
  const byAge = [...plans].sort((one, other) => other.createdAt - one.createdAt);
  const install = byAge.find(({ kind }) => kind === 'install');
  const kept = byAge.filter((plan, age) => age < keptPlans || plan === install || plan.id === wish.planId);
  return new Set([wish.planId, ...kept.flatMap(({ id, takesBack }) => [id, takesBack?.planId ?? id])]);
}

function isOfAnEarlierTry({ goals }: ServiceState, seen: TaskSeen): boolean {
  const goal = goals.find(({ nodeId }) => nodeId === seen.nodeId);
  const newest = seen.purpose === 'node' ? goal?.launch : goal?.preparation;
  return newest !== undefined && seen.attempt < newest.attempt && seen.lastStatus === 'STOPPED';
}
