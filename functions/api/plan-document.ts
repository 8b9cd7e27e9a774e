import type { PlanDocument } from '../../lib/contract/plan-schema.ts';
import type { PlanView, StepView } from '../../lib/model/plan/plan-view.ts';

/** A plan as the 2.x guides show it. */
export function planDocument({ phases, errors, strategy, status }: PlanView): PlanDocument {
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
  };
}

function stepDocument({
  id,
  status,
  name,
  message,
  waiting,
}: StepView): PlanDocument['phases'][number]['steps'][number] {
  if (waiting === undefined) return { id, status, name, message };
  const { reason, sentence, since } = waiting;
  return { id, status, name, message, waiting: { reason, sentence, since: new Date(since).toISOString() } };
}
