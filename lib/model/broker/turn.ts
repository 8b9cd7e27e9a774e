import { isController, podName } from '../node.ts';
import { planBringsUp } from '../plan/plan-brings-up.ts';
import { recoveryHoldsPlans } from '../plan/recovery-holds-plans.ts';
import { isOpenBefore } from '../plan/steering/open-before.ts';
import { operatorHolds } from '../plan/steering/operator-holds.ts';
import { isStepComplete, walkOf } from '../plan/steering/walk.ts';
import { isSuperseded } from '../plan/superseded.ts';
import type { LeaseKind, NodeLease, ServiceState } from '../state.ts';
import type { WaitingReason } from '../waiting-reason.ts';
import { drainingHost } from './host-drains.ts';
import { hasNoTask, runningNodeIds } from './node-run.ts';

/** Who asks for its turn. */
export interface TurnRequest {
  readonly nodeId: number;
  readonly kind: LeaseKind;
  readonly holder: string;
  readonly planId?: string;
  readonly serviceCreatedAt?: number;
  readonly stepId?: string;
}

export type Turn =
  | { readonly type: 'go' }
  /** Nothing to do for it in this run. */
  | { readonly type: 'done' }
  | { readonly type: 'superseded' }
  /** `leases` hold it up, if there are any; they no longer count once their executions have ended. */
  | { readonly type: 'wait'; readonly reason: WaitingReason; readonly leases: readonly NodeLease[] };

/**
 * A plan's step begins while no operator holds it back, no recovery of its service holds plans up and nobody else works
 * on its node; that of the controller that forms the quorum before all others. A recovery begins when its node is down
 * and nobody works on it; a broker's also waits until a majority of the controllers runs, because it could not register
 * before. A node is moved away from its host while it runs: one that is down is a recovery's.
 */
export function judgeTurn(state: ServiceState, request: TurnRequest): Turn {
  if (isSuperseded(state, request)) return { type: 'superseded' };
  const live = state.leases.filter((lease) => !lease.released && lease.holder !== request.holder);
  const own = live.filter((lease) => lease.nodeId === request.nodeId);
  switch (request.kind) {
    case 'recovery':
      return judgeRecovery(state, request, own);
    case 'replacement':
      return judgeReplacement(state, request, live);
    case 'plan':
    case 'uninstall':
      return judgePlan(state, request, live);
  }
}

function judgePlan(state: ServiceState, request: TurnRequest, live: readonly NodeLease[]): Turn {
  const { planId = '', stepId = '' } = request;
  if (isStepComplete(state, planId, stepId)) return { type: 'done' };
  const plan = state.plans.find(({ id }) => id === planId);
  const walk = plan && walkOf(state, plan);
  if (walk !== undefined && !walk.isBegun.has(stepId) && isOpenBefore(walk, stepId)) return { type: 'done' };
  const hold = walk && operatorHolds(walk, stepId);
  if (hold !== undefined) {
    return { type: 'wait', reason: { type: 'operator', decision: 'continue', ...hold, planId }, leases: [] };
  }
  // Started before, another node would only wait for the quorum, and its recovery would hold up the one that forms it.
  const [first] = state.target.controllerIds;
  if (state.quorumFormed === undefined && first !== undefined && request.nodeId !== first) {
    return { type: 'wait', reason: { type: 'turn', heldBy: `${podName(first)} forms the quorum first` }, leases: [] };
  }
  const leases = live.filter((lease) => lease.nodeId === request.nodeId || recoveryHoldsPlans(state, lease));
  return leases.length === 0 ? { type: 'go' } : waitForLeases(leases);
}

function judgeRecovery(state: ServiceState, request: TurnRequest, own: readonly NodeLease[]): Turn {
  if (own.length > 0) return waitForLeases(own);
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  const holdsIt = state.leases.some((lease) => !lease.released && lease.holder === request.holder);
  if (goal === undefined || (!holdsIt && !hasNoTask(state, goal))) return { type: 'done' };
  if (!holdsIt && planBringsUp(state, request.nodeId)) return { type: 'done' };
  if (isController(state.target, request.nodeId) || controllerMajorityRuns(state)) return { type: 'go' };
  return { type: 'wait', reason: { type: 'turn', heldBy: controllersFirst(state) }, leases: [] };
}

function judgeReplacement(state: ServiceState, request: TurnRequest, live: readonly NodeLease[]): Turn {
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  const holdsIt = state.leases.some((lease) => !lease.released && lease.holder === request.holder);
  if (goal === undefined) return { type: 'done' };
  if (!holdsIt && (hasNoTask(state, goal) || drainingHost(state, goal) === undefined)) return { type: 'done' };
  const leases = live.filter((lease) => lease.nodeId === request.nodeId || recoveryHoldsPlans(state, lease));
  return leases.length === 0 ? { type: 'go' } : waitForLeases(leases);
}

/** Whether the tasks of more than half of the controllers were seen running. */
export function controllerMajorityRuns(state: ServiceState): boolean {
  return runningControllers(state) > state.target.controllerIds.length / 2;
}

/** What a broker waits for while they do not. */
export function controllersFirst(state: ServiceState): string {
  return `controllers come before brokers, ${runningControllers(state)} of ${state.target.controllerIds.length} run`;
}

function runningControllers(state: ServiceState): number {
  return runningNodeIds(state).filter((nodeId) => isController(state.target, nodeId)).length;
}

function waitForLeases(leases: readonly NodeLease[]): Turn {
  const works = leases.map((lease) => `the ${lease.kind} of ${podName(lease.nodeId)} is under way`);
  return { type: 'wait', reason: { type: 'turn', heldBy: works.join(', ') }, leases };
}
