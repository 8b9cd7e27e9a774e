import type { Phase, Step } from '../plan.ts';
import type { PlanSteering } from '../steering.ts';
import { type AddressedPart, addressedPart, type NoSuchPart, type PlanAddress } from './addressed-part.ts';
import { barredSteps, isAtDecisionPoint, passedPoints } from './decision-points.ts';
import { type PlanWalk, restartsOf } from './walk.ts';

/** What operators say to plans, as the guides spell it. */
export type PlanCommand = 'continue' | 'interrupt' | 'forceComplete' | 'restart' | 'start' | 'stop';

export interface SteerRequest extends PlanAddress {
  /** Name of the token. */
  readonly requestedBy: string;
}

export type Steered =
  | {
      readonly type: 'changed';
      /** What to store, of the next revision. */
      readonly steering: PlanSteering;
      /** Names of what the command was for. */
      readonly phase?: string;
      readonly step?: string;
    }
  /** A start or a stop that took effect before: nothing to store. */
  | { readonly type: 'nothing new' }
  /** It is so already, or the plan is complete: nothing to store. */
  | { readonly type: 'already' }
  | NoSuchPart;

/**
 * What a command makes of what was said about a plan so far. `continue` and `interrupt` are for plan or phase, of a step
 * for its phase; `start` and `stop` are for the plan and are never there already. Source: dcos-commons, PlansQueries.
 */
export function steer(command: PlanCommand, walk: PlanWalk, request: SteerRequest): Steered {
  const isForPlan = command === 'start' || command === 'stop';
  const part = addressedPart(walk.plan, isForPlan ? {} : request);
  if (!('steps' in part)) return part;
  const said = walk.steering ?? nothingSaid(walk);
  const steering = decide(command, { walk, said, part }, request.requestedBy);
  if (steering === undefined) return { type: 'already' };
  if (steering === said) return { type: 'nothing new' };
  const { phase, step } = part;
  return {
    type: 'changed',
    steering: { ...steering, revision: said.revision + 1 },
    ...(phase === undefined ? {} : { phase }),
    ...(step === undefined ? {} : { step }),
  };
}

function nothingSaid({ plan }: PlanWalk): PlanSteering {
  return {
    ...{ service: plan.service, planId: plan.id, revision: 0 },
    ...{ isInterrupted: false, interruptedPhases: [], passed: [], forced: [], restarts: [] },
  };
}

interface Question {
  readonly walk: PlanWalk;
  readonly said: PlanSteering;
  readonly part: AddressedPart;
}

/** Undefined: already so. What was said, as it is: a start or a stop decides nothing new. */
function decide(command: PlanCommand, question: Question, requestedBy: string): PlanSteering | undefined {
  const { part } = question;
  switch (command) {
    case 'continue':
      return part.type === 'plan' ? continuePlan(question) : continuePhases(question);
    case 'interrupt':
      return part.type === 'plan' ? interruptPlan(question) : interruptPhases(question);
    case 'forceComplete':
      return forceComplete(question);
    case 'restart':
      return restart(question, requestedBy);
    case 'start':
      return start(question, requestedBy);
    case 'stop':
      return stop(question, requestedBy);
  }
}

/** An interruption of the plan is taken back first; without one, the first phase that is not complete goes on. */
function continuePlan(question: Question): PlanSteering | undefined {
  const { walk, said } = question;
  const phases = walk.plan.phases.filter((phase) => !isComplete(walk, phase.steps));
  if (phases.length > 0 && said.isInterrupted) return { ...said, isInterrupted: false };
  return continuePhases({ ...question, part: { ...question.part, phases: phases.slice(0, 1) } });
}

/** An interruption of a phase is taken back first; without one, it passes the decision point that it has come to. */
function continuePhases({ walk, said, part }: Question): PlanSteering | undefined {
  const phases = part.phases.filter((phase) => !isComplete(walk, phase.steps));
  const interrupted = phases.map(({ id }) => id).filter((id) => said.interruptedPhases.includes(id));
  const passing = phases.filter((phase) => !interrupted.includes(phase.id) && isAtDecisionPoint(walk, phase));
  if (interrupted.length === 0 && passing.length === 0) return undefined;
  return {
    ...said,
    interruptedPhases: said.interruptedPhases.filter((id) => !interrupted.includes(id)),
    passed: [
      ...said.passed.filter(({ phaseId }) => !passing.some(({ id }) => id === phaseId)),
      ...passing.map((phase) => ({ phaseId: phase.id, decisionPoints: oneMore(passedPoints(walk, phase)) })),
    ],
  };
}

function oneMore(passed: 0 | 1 | 2): 1 | 2 {
  return passed === 0 ? 1 : 2;
}

function interruptPlan({ walk, said, part }: Question): PlanSteering | undefined {
  return said.isInterrupted || isComplete(walk, part.steps) ? undefined : { ...said, isInterrupted: true };
}

/**
 * A canary phase that stops at its next decision point anyway is left as it is: otherwise it would take two words to go
 * on from there.
 */
function interruptPhases({ walk, said, part }: Question): PlanSteering | undefined {
  const phases = part.phases.filter(
    (phase) =>
      !said.interruptedPhases.includes(phase.id) && !isComplete(walk, phase.steps) && !stopsByItself(walk, phase),
  );
  if (phases.length === 0) return undefined;
  return { ...said, interruptedPhases: [...said.interruptedPhases, ...phases.map(({ id }) => id)] };
}

function stopsByItself(walk: PlanWalk, phase: Phase): boolean {
  const { complete, isBegun } = walk;
  const barred = barredSteps(walk, phase);
  const waiting = phase.steps.filter(({ id }) => !complete.has(id) && !isBegun.has(id));
  return barred.length > 0 && waiting.every((step) => barred.includes(step));
}

function forceComplete({ walk, said, part }: Question): PlanSteering | undefined {
  const open = part.steps.map(({ id }) => id).filter((id) => !walk.complete.has(id));
  return open.length === 0 ? undefined : { ...said, forced: [...said.forced, ...open] };
}

/** Takes an interruption of what is restarted back, too. What is pending, and not interrupted, is so already. */
function restart(question: Question, requestedBy: string): PlanSteering | undefined {
  const { said, part } = question;
  const phaseIds = part.type === 'phase' ? part.phases.map(({ id }) => id) : [];
  const isInterrupted = part.type === 'plan' ? false : said.isInterrupted;
  const interruptedPhases = said.interruptedPhases.filter((id) => !phaseIds.includes(id));
  const isReleased = isInterrupted !== said.isInterrupted || interruptedPhases.length < said.interruptedPhases.length;
  if (stepsToRedo(question).length === 0 && !isReleased) return undefined;
  return { ...redo(question, requestedBy), isInterrupted, interruptedPhases };
}

/** A complete plan is walked again; one that waits goes on; one that goes on is left alone. */
function start(question: Question, requestedBy: string): PlanSteering {
  const { walk, said, part } = question;
  if (isComplete(walk, part.steps)) return { ...redo(question, requestedBy), isInterrupted: false };
  return continuePlan(question) ?? said;
}

function stop(question: Question, requestedBy: string): PlanSteering {
  const { said } = question;
  if (said.isInterrupted && stepsToRedo(question).length === 0) return said;
  return { ...redo(question, requestedBy), isInterrupted: true };
}

/** Puts the steps that began or are complete back to pending, and leaves the others alone. */
function redo(question: Question, requestedBy: string): PlanSteering {
  const { said } = question;
  const ids = stepsToRedo(question).map(({ id }) => id);
  return {
    ...said,
    forced: said.forced.filter((id) => !ids.includes(id)),
    restarts: [
      ...said.restarts.filter(({ stepId }) => !ids.includes(stepId)),
      ...ids.map((stepId) => ({ stepId, times: restartsOf(said, stepId) + 1, requestedBy })),
    ],
  };
}

function stepsToRedo({ walk, part }: Question): readonly Step[] {
  return part.steps.filter(({ id }) => walk.complete.has(id) || walk.isBegun.has(id));
}

function isComplete({ complete }: PlanWalk, steps: readonly Step[]): boolean {
  return steps.every(({ id }) => complete.has(id));
}
