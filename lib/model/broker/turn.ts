import { orTheirSilentHost } from '../hosts/their-silent-host.ts';
import { isController, type NodeId, podName } from '../node.ts';
import { isPassedByRun } from '../plan/passed-by-run.ts';
import { planBringsUp } from '../plan/plan-brings-up.ts';
import { needsAnotherConfig, recoveryHoldsPlans } from '../plan/recovery-holds-plans.ts';
import { barredSteps } from '../plan/steering/decision-points.ts';
import { isOpenBefore } from '../plan/steering/open-before.ts';
import { operatorHolds } from '../plan/steering/operator-holds.ts';
import { isStepComplete, type PlanWalk, walkOf } from '../plan/steering/walk.ts';
import { isSuperseded } from '../plan/superseded.ts';
import type { LeaseKind, NodeLease, ServiceState } from '../state.ts';
import type { WaitingReason } from '../waiting-reason.ts';
import { deactivationOf } from './deactivation.ts';
import { drainingHost } from './host-drains.ts';
import { needsRecovery } from './needs-recovery.ts';
import { hasNoTask, nodeRun, runningNodeIds } from './node-run.ts';
import { replacementIsWanted } from './open-replacement.ts';
import { restartIsWanted } from './open-restart.ts';
import { mustStayDown, pauseNow } from './pause-now.ts';

/** Who asks for its turn. */
export interface TurnRequest {
  readonly nodeId: number;
  readonly kind: LeaseKind;
  readonly holder: string;
  readonly planId?: string;
  readonly serviceCreatedAt?: number;
  readonly stepId?: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Turn =
  | { readonly type: 'go' }
  /** Nothing to do for it in this run. */
  | { readonly type: 'done' }
  /** No further try of the node follows by itself. */
  | { readonly type: 'deactivated' }
  | { readonly type: 'superseded' }
  /** `leases` hold it up, if there are any; they no longer count once their executions have ended. */
  | { readonly type: 'wait'; readonly reason: WaitingReason; readonly leases: readonly NodeLease[] };

/**
 * A plan's step begins while no operator holds it back, no recovery of its service holds plans up and nobody else works
 * on its node; that of the controller that forms the quorum before all others. A recovery begins when its node is down
 * and nobody works on it; a broker's also waits until a majority of the controllers runs, because it could not register
 * before. A node whose tries are used up has no turn: a recovery of it is over, a plan's step waits for an operator, unless
 * it brings another config. An operator's restart begins while it is not answered, a pause while it lasts, both when nobody
 * works on the node; so does a replacement that was asked for, also of a node that is down. Of a node that is paused nothing
 * else begins. Away from a host that drains a node is moved while it runs: one that is down is a recovery's. A resume starts
 * what is down as a recovery does, side by side. A node that does not come up in its config is given the next one whatever
 * else is down: others may wait for what only it has.
 */
export function judgeTurn(state: ServiceState, request: TurnRequest): Turn {
  if (isSuperseded(state, request)) return { type: 'superseded' };
  const live = state.leases.filter((lease) => !lease.released && lease.holder !== request.holder);
  const own = live.filter((lease) => lease.nodeId === request.nodeId);
  switch (request.kind) {
    case 'recovery':
      return judgeRecovery(state, request, own);
    case 'restart':
      return judgeRestart(state, request, own);
    case 'pause':
      return judgePause(state, request, own);
    case 'replacement':
      return judgeReplacement(state, request, live);
    case 'plan':
    case 'hibernation':
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
    if (walk !== undefined && hold.why === 'decision point' && isDecidedByNextRun(state, walk, request))
      return { type: 'done' };
    return { type: 'wait', reason: { type: 'operator', decision: 'continue', ...hold, planId }, leases: [] };
  }
  // Started before, another node would only wait for the quorum, and its recovery would hold up the one that forms it.
  const [first] = state.target.controllerIds;
  if (state.quorumFormed === undefined && first !== undefined && request.nodeId !== first) {
    if (walk !== undefined && isLeftToNextRun(state, walk, { controllerId: first, request })) return { type: 'done' };
    return { type: 'wait', reason: { type: 'turn', heldBy: `${podName(first)} forms the quorum first` }, leases: [] };
  }
  const paused = isHeldBy(state, request) ? undefined : pausedReason(state, request);
  if (paused !== undefined) return { type: 'wait', reason: paused, leases: [] };
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  // Nothing has to stop for it, so no recovery of another node is in its way.
  const isWoken = plan?.kind === 'resume' && (goal === undefined || goal.attempt === 0 || hasNoTask(state, goal));
  const isMended = goal !== undefined && hasNoTask(state, goal) && needsAnotherConfig(state, goal);
  const isInTheWay = (lease: NodeLease): boolean => !isWoken && !isMended && recoveryHoldsPlans(state, lease);
  const leases = live.filter((lease) => lease.nodeId === request.nodeId || isInTheWay(lease));
  if (leases.length > 0) return waitForLeases(state, request, leases);
  const deactivation = goal && deactivationOf(state, goal, state.target.configId);
  if (deactivation !== undefined) return { type: 'wait', reason: deactivation.reason, leases: [] };
  if (!isWoken) return { type: 'go' };
  const turn = goOnceControllersRun(state, request);
  return turn.type === 'wait' && mostControllersAreLeft(state, walk, request) ? { type: 'done' } : turn;
}

/** So many controllers are down, and left to the next run, that this one brings no majority up. */
function mostControllersAreLeft(state: ServiceState, walk: PlanWalk | undefined, request: TurnRequest): boolean {
  const { controllerIds } = state.target;
  const running = runningNodeIds(state);
  const left = controllerIds.filter(
    (id) => !running.includes(id) && walk !== undefined && isLeftToNextRun(state, walk, { controllerId: id, request }),
  );
  return left.length >= controllerIds.length / 2;
}

/**
 * What the operator would decide by was asked for again, and this run passed it: no word lets the phase go on before a run that
 * begins has done it.
 */
function isDecidedByNextRun(state: ServiceState, walk: PlanWalk, request: TurnRequest): boolean {
  const { plan, isBegun } = walk;
  const phase = plan.phases.find(({ steps }) => steps.some(({ id }) => id === request.stepId));
  if (phase === undefined) return false;
  const barred = barredSteps(walk, phase);
  const free = phase.steps.filter((step) => !walk.complete.has(step.id) && !barred.includes(step));
  return (
    free.length > 0 && free.every((step) => !isBegun.has(step.id) && isPassedByRun(state, { plan, step }, request))
  );
}

/** The step of a controller that others wait for is open, and this run passed it: only a run that begins takes it. */
function isLeftToNextRun(
  state: ServiceState,
  { plan, complete }: PlanWalk,
  { controllerId, request }: { readonly controllerId: NodeId; readonly request: TurnRequest },
): boolean {
  const step = plan.phases.flatMap(({ steps }) => steps).find(({ nodeId }) => nodeId === controllerId);
  return step !== undefined && !complete.has(step.id) && isPassedByRun(state, { plan, step }, request);
}

function judgeRecovery(state: ServiceState, request: TurnRequest, own: readonly NodeLease[]): Turn {
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  const holdsIt = isHeldBy(state, request);
  if (goal !== undefined && !holdsIt && mustStayDown(state, goal, request.now)) return { type: 'done' };
  if (own.length > 0) return waitForLeases(state, request, own);
  const isDown = goal !== undefined && needsRecovery(state, goal, request.now);
  if (goal === undefined || (!holdsIt && !isDown)) return { type: 'done' };
  if (!holdsIt && planBringsUp(state, request.nodeId)) return { type: 'done' };
  if (deactivationOf(state, goal) !== undefined) return { type: 'deactivated' };
  return goOnceControllersRun(state, request);
}

function judgeRestart(state: ServiceState, request: TurnRequest, own: readonly NodeLease[]): Turn {
  if (isHeldBy(state, request)) return { type: 'go' };
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  const isLeftBehind = own.some(({ kind }) => kind === 'restart');
  if (goal === undefined || !(isLeftBehind || restartIsWanted(state, goal))) return { type: 'done' };
  const paused = pausedReason(state, request);
  if (paused !== undefined) return { type: 'wait', reason: paused, leases: [] };
  if (own.length > 0) return waitForLeases(state, request, own);
  return hasNoTask(state, goal) ? goOnceControllersRun(state, request) : { type: 'go' };
}

function judgePause(state: ServiceState, request: TurnRequest, own: readonly NodeLease[]): Turn {
  if (isHeldBy(state, request)) return { type: 'go' };
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  if (goal === undefined || goal.attempt === 0 || pauseNow(state, request.nodeId, request.now) === undefined)
    return { type: 'done' };
  if (own.length > 0) return waitForLeases(state, request, own);
  if (nodeRun(state, goal).type !== 'requested') return { type: 'go' };
  const heldBy = `whether ${podName(request.nodeId)} was started is not known yet`;
  return { type: 'wait', reason: { type: 'turn', heldBy }, leases: [] };
}

function isHeldBy(state: ServiceState, { nodeId, holder }: TurnRequest): boolean {
  return state.leases.some((lease) => lease.nodeId === nodeId && !lease.released && lease.holder === holder);
}

/** What all others wait for that would work on a paused node; undefined: it is not paused. */
export function pausedReason(
  state: ServiceState,
  { nodeId, now }: { readonly nodeId: number; readonly now: number },
): WaitingReason | undefined {
  const pause = pauseNow(state, nodeId, now);
  if (pause === undefined) return undefined;
  const { requestedBy, until } = pause;
  return { type: 'paused', nodeId, requestedBy, ...(until === undefined ? {} : { until }) };
}

/** A broker that is down. */
function goOnceControllersRun(state: ServiceState, { nodeId }: TurnRequest): Turn {
  if (isController(state.target, nodeId) || controllerMajorityRuns(state)) return { type: 'go' };
  return { type: 'wait', reason: { type: 'turn', heldBy: controllersFirst(state) }, leases: [] };
}

function judgeReplacement(state: ServiceState, request: TurnRequest, live: readonly NodeLease[]): Turn {
  const goal = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  const holdsIt = isHeldBy(state, request);
  if (goal === undefined) return { type: 'done' };
  const isDown = hasNoTask(state, goal);
  const drains = !isDown && drainingHost(state, goal) !== undefined;
  if (!holdsIt && !drains) {
    if (!replacementIsWanted(state, goal)) return { type: 'done' };
    const paused = pausedReason(state, request);
    if (paused !== undefined) return { type: 'wait', reason: paused, leases: [] };
  }
  const leases = live.filter(
    (lease) => lease.nodeId === request.nodeId || (!isDown && recoveryHoldsPlans(state, lease)),
  );
  if (leases.length > 0) return waitForLeases(state, request, leases);
  return isDown && !holdsIt ? goOnceControllersRun(state, request) : { type: 'go' };
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

function waitForLeases(state: ServiceState, { now }: TurnRequest, leases: readonly NodeLease[]): Turn {
  const works = leases.map((lease) => `the ${lease.kind} of ${podName(lease.nodeId)} is under way`);
  const heldUpBy = leases.map(({ nodeId }) => nodeId);
  const reason = orTheirSilentHost(state, { type: 'turn', heldBy: works.join(', ') }, { heldUpBy, now });
  return { type: 'wait', reason, leases };
}
