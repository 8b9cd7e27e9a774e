import type { NodeChange } from '../../../../lib/model/plan/node-change.ts';
import type { Plan } from '../../../../lib/model/plan/plan.ts';
import type { PlanWalk } from '../../../../lib/model/plan/steering/walk.ts';
import type { PlanSteering } from '../../../../lib/model/plan/steering.ts';
import type { Strategy } from '../../../../lib/model/plan/strategy.ts';

const restart: NodeChange = { type: 'restart', reasons: [{ type: 'option', pointer: '/brokers/mem' }] };

export const brokerPhase = '0b000000-0000-4000-8000-000000000001';
export const controllerPhase = '0c000000-0000-4000-8000-000000000001';

/** An update of three brokers and two controllers: of its steps b0, b1, b2 and c0, c1. */
export function updatePlan(strategy: Strategy, changes: readonly NodeChange[] = [restart, restart, restart]): Plan {
  const brokers = {
    ...{ id: brokerPhase, name: 'broker', strategy },
    steps: changes.map((change, nodeId) => ({
      ...{ id: `b${nodeId}`, name: `kafka-${nodeId}:[broker]`, nodeId, change },
    })),
  };
  const controllers = {
    ...{ id: controllerPhase, name: 'controller', strategy: 'serial' as const },
    steps: [
      { id: 'c0', name: 'controller-0:[controller]', nodeId: 1000, change: restart },
      { id: 'c1', name: 'controller-1:[controller]', nodeId: 1001, change: restart },
    ],
  };
  return {
    ...{ id: 'plan-1', service: 'kafka', kind: 'update', configId: 'config-2', strategy: 'serial' },
    phases: strategy.endsWith('canary') ? [brokers, controllers] : [controllers, brokers],
    ...{ createdAt: 5, requestedBy: 'admin' },
  };
}

export const none: NodeChange = { type: 'none' };
export { restart };

export function said(changes: Partial<PlanSteering> = {}): PlanSteering {
  return {
    ...{ service: 'kafka', planId: 'plan-1', revision: 4 },
    ...{ isInterrupted: false, interruptedPhases: [], passed: [], forced: [], restarts: [] },
    ...changes,
  };
}

export interface Situation {
  readonly strategy?: Strategy;
  /** Names of steps, by blanks. */
  readonly complete?: string;
  /** Under way, and not complete. */
  readonly underWay?: string;
  readonly said?: Partial<PlanSteering>;
}

export function walk({ strategy = 'serial', complete = '', underWay = '', ...rest }: Situation): PlanWalk {
  const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
  return {
    plan: updatePlan(strategy),
    steering: rest.said && said(rest.said),
    complete: new Set(words(complete)),
    isBegun: new Set([...words(complete), ...words(underWay)]),
  };
}
