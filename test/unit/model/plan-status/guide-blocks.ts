import type { Plan } from '../../../../lib/model/plan/plan.ts';
import type { BlockStatus } from '../../../../lib/model/plan/status.ts';
import type { Strategy } from '../../../../lib/model/plan/strategy.ts';

/** The update plan of the 1.x guide (Configuration Update REST API), with the guide's ids; the plan's own id is ours. */
export const planId = '8902f778-0000-4000-8000-00000000000a';
export const configId = '8902f778-eb2a-4347-94cd-18fcdb557063';
export const phaseId = '863ab024-ccb2-4fd8-b182-1ce18858b8e8';
export const blockIds = [
  '926fb980-8942-48fb-8eb6-1b63fad4e7e3',
  '60f6dade-bff8-42b5-b4ac-aa6aa6b705a4',
  'c98b9e72-b12b-4b47-9193-776a2cb9ed53',
] as const;

export function guidePlan(strategy: Strategy): Plan {
  return {
    ...{ id: planId, service: 'kafka', kind: 'update', configId, strategy: 'serial', createdAt: 9_000 },
    requestedBy: 'admin',
    phases: [
      {
        ...{ id: phaseId, name: 'broker', strategy },
        steps: blockIds.map((id, nodeId) => ({
          ...{ id, name: `kafka-${nodeId}:[broker]`, nodeId },
          change: { type: 'restart', reasons: [{ type: 'option', pointer: '/brokers/mem' }] },
        })),
      },
    ],
  };
}

interface GuideBlock {
  readonly has_decision_point: boolean;
  readonly message: string;
  readonly name: string;
  readonly status: BlockStatus;
}

/** A document as the guide prints it: its first phase has ids that follow from ours. */
export function guideDocument(
  blocks: readonly GuideBlock[],
  { phase, plan, errors = [] }: { phase: BlockStatus; plan: BlockStatus; errors?: readonly string[] },
): unknown {
  return {
    errors,
    phases: [
      {
        blocks: [
          {
            has_decision_point: false,
            id: '8902f778-0000-4000-8000-00000000000b',
            message: 'Reconciliation complete',
            name: 'Reconciliation',
            status: 'Complete',
          },
        ],
        id: '8902f778-0000-4000-8000-000000000008',
        name: 'Reconciliation',
        status: 'Complete',
      },
      {
        blocks: blocks.map((block, index) => ({ ...block, id: blockIds[index] })),
        id: phaseId,
        name: 'Update to: 8902f778-eb2a-4347-94cd-18fcdb557063',
        status: phase,
      },
    ],
    status: plan,
  };
}
