import { type NodeId, type NodeIds, podName, roleOf } from '../node.ts';
import type { Phase, Plan, PlanKind } from './plan.ts';
import type { Strategy } from './strategy.ts';

/** What a plan is made for. */
export interface PlanRequest extends NodeIds {
  readonly service: string;
  readonly configId: string;
  readonly createdAt: number;
  /** Name of the token that asked for it. */
  readonly requestedBy: string;
}

/** A phase before its ids are given. */
export interface PhaseDraft {
  readonly name: string;
  readonly strategy: Strategy;
  readonly nodeIds: readonly NodeId[];
}

/** A plan of these phases, in order, without those that have nothing to do. `newId` gives a fresh UUID for the plan, each phase and each step. */
export function newPlan(
  request: PlanRequest,
  { kind, phases }: { readonly kind: PlanKind; readonly phases: readonly PhaseDraft[] },
  newId: () => string,
): Plan {
  const { service, configId, createdAt, requestedBy } = request;
  return {
    id: newId(),
    service,
    kind,
    configId,
    strategy: 'serial',
    phases: phases.filter(({ nodeIds }) => nodeIds.length > 0).map((draft) => newPhase(draft, newId)),
    createdAt,
    requestedBy,
  };
}

function newPhase({ name, strategy, nodeIds }: PhaseDraft, newId: () => string): Phase {
  return {
    id: newId(),
    name,
    strategy,
    steps: nodeIds.map((nodeId) => ({ id: newId(), name: stepName(nodeId), nodeId })),
  };
}

/** As in the 2.x guides: `kafka-0:[broker]`. */
export function stepName(nodeId: NodeId): string {
  return `${podName(nodeId)}:[${roleOf(nodeId)}]`;
}
