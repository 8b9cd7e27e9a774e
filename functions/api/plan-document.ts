import type { PlanDocument } from '../../lib/contract/plan-schema.ts';
import type { PlanView, StepView } from '../../lib/model/plan/plan-view.ts';

/** A plan as the 2.x guides show it. */
export function planDocument(plan: PlanView): PlanDocument {
  const { phases, errors, strategy, status } = plan;
  return {
    phases: phases.map((phase) => ({
      id: phase.id,
      name: phase.name,
      steps: phase.steps.map(stepDocument),
      strategy: phase.strategy,
      status: phase.status,
    })),
    errors: [...errors],
    strategy,
    status,
    ...refusedUpdateDocument(plan),
    ...takesBackDocument(plan),
    ...(errors.length === plan.hindrances.length ? {} : { ownStatus: plan.ownStatus }),
  };
}

function refusedUpdateDocument({ refusals, statusWithoutRefusals }: PlanView): Pick<PlanDocument, 'refusedUpdate'> {
  if (refusals.length === 0) return {};
  return { refusedUpdate: { errors: [...refusals], status: statusWithoutRefusals } };
}

function takesBackDocument({ takesBack }: PlanView): Pick<PlanDocument, 'takesBack'> {
  return takesBack === undefined ? {} : { takesBack: { ...takesBack } };
}

type StepDocument = PlanDocument['phases'][number]['steps'][number];

function stepDocument({ id, status, name, message, waiting, lastWords }: StepView): StepDocument {
  return { id, status, name, message, ...waitingDocument(waiting), ...lastWordsDocument(lastWords) };
}

function waitingDocument(waiting: StepView['waiting']): Pick<StepDocument, 'waiting'> {
  if (waiting === undefined) return {};
  const { reason, sentence, since } = waiting;
  return { waiting: { reason, sentence, since: new Date(since).toISOString() } };
}

function lastWordsDocument(lastWords: StepView['lastWords']): Pick<StepDocument, 'lastWords'> {
  return lastWords === undefined ? {} : { lastWords: { ...lastWords, lines: [...lastWords.lines] } };
}
