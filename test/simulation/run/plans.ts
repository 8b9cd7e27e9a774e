import type { World } from '../world.ts';

/** A plan as it is stored. */
export interface PlanItem {
  readonly id: string;
  readonly service: string;
  readonly kind: 'install' | 'update' | 'hibernate' | 'resume' | 'uninstall';
  readonly configId: string;
  readonly previousConfigId?: string;
  readonly takesBack?: { readonly planId: string; readonly reason: string };
  readonly phases: readonly PhaseItem[];
}

export interface PhaseItem {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly steps: readonly {
    readonly id: string;
    readonly name: string;
    readonly nodeId: number;
    readonly change?: { readonly type: string };
  }[];
}

/** What operators said about a plan, as it is stored. */
export interface SteeringItem {
  readonly planId: string;
  readonly isInterrupted: boolean;
  readonly interruptedPhases: readonly string[];
  readonly passed: readonly { readonly phaseId: string; readonly decisionPoints: number }[];
  readonly forced: readonly string[];
  readonly restarts: readonly { readonly stepId: string; readonly times: number }[];
}

interface StepItem {
  readonly stepId: string;
  readonly endedAt?: number;
  readonly restart?: number;
}

type Tables = Pick<World, 'aws'>;

/** The plan that drives the service now. */
export function planOf({ aws }: Tables, service: string): PlanItem | undefined {
  const items = aws.items().filter(({ pk }) => pk === `SERVICE#${service}`);
  const wish = items.find(({ sk }) => sk === 'WISH');
  const plan: object | undefined = items.find(({ sk }) => sk === `PLAN#${String(wish?.['planId'])}`);
  return plan as PlanItem | undefined;
}

export function steeringOf({ aws }: Tables, { service, id }: PlanItem): SteeringItem | undefined {
  const found: object | undefined = aws
    .items()
    .find(({ pk, sk }) => pk === `SERVICE#${service}` && sk === `STEERING#${id}`);
  return found as SteeringItem | undefined;
}

/** Names of the steps that are neither forced nor through, or that an operator wants once more. */
export function openSteps({ aws }: Tables, plan: PlanItem): readonly string[] {
  const steering = steeringOf({ aws }, plan);
  const begun = aws
    .items()
    .filter(({ pk, sk }) => pk === `SERVICE#${plan.service}` && String(sk).startsWith(`STEP#${plan.id}#`))
    .map((item): object => item) as readonly StepItem[];
  const isThrough = (id: string): boolean => {
    const wanted = steering?.restarts.find(({ stepId }) => stepId === id)?.times ?? 0;
    return begun.some(
      ({ stepId, endedAt, restart = 0 }) => stepId === id && endedAt !== undefined && restart >= wanted,
    );
  };
  return plan.phases
    .flatMap(({ steps }) => steps)
    .filter(({ id }) => steering?.forced.includes(id) !== true && !isThrough(id))
    .map(({ name }) => name);
}
