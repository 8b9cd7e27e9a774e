import type { PlanInBlocks } from '../../../lib/contract/plan-schema.ts';

/**
 * The plans that the 1.x guide prints under "Configuration Update REST API", without ids and with `<config id>` in the
 * name of the phase. Source: DC/OS Kafka guide.
 */
interface GuidePlan {
  readonly errors: readonly string[];
  readonly phases: readonly {
    readonly blocks: readonly {
      readonly has_decision_point: boolean;
      readonly message: string;
      readonly name: string;
      readonly status: string;
    }[];
    readonly name: string;
    readonly status: string;
  }[];
  readonly status: string;
}

const reconciliation = {
  blocks: [
    {
      has_decision_point: false,
      message: 'Reconciliation complete',
      name: 'Reconciliation',
      status: 'Complete',
    },
  ],
  name: 'Reconciliation',
  status: 'Complete',
};

const block = (broker: number, status: string, has_decision_point: boolean) => ({
  has_decision_point,
  message: `Broker-${broker} is ${status}`,
  name: `broker-${broker}`,
  status,
});

const plan = (status: string, blocks: GuidePlan['phases'][number]['blocks']): GuidePlan => ({
  errors: [],
  phases: [reconciliation, { blocks, name: 'Update to: <config id>', status }],
  status,
});

export const beforeFirstContinue = plan('Waiting', [
  block(0, 'Pending', true),
  block(1, 'Pending', true),
  block(2, 'Pending', false),
]);

export const afterFirstContinue = plan('InProgress', [
  block(0, 'InProgress', false),
  block(1, 'Pending', true),
  block(2, 'Pending', false),
]);

/** The guide does not print this one: "one block representing one broker will be updated and the update will again pause". */
export const atSecondStop = plan('Waiting', [
  block(0, 'Complete', false),
  block(1, 'Pending', true),
  block(2, 'Pending', false),
]);

/** A plan as the guide prints it: members in its order, no ids, and none of the phases that 1.x did not have. */
export function inGuideWords({ errors, phases, status }: PlanInBlocks, configId: string): GuidePlan {
  return {
    errors,
    phases: phases
      .filter(({ name }) => name === 'Reconciliation' || name.startsWith('Update to: '))
      .map((phase) => ({
        blocks: phase.blocks.map(({ has_decision_point, message, name, status }) => ({
          has_decision_point,
          message,
          name,
          status,
        })),
        name: phase.name.replace(configId, '<config id>'),
        status: phase.status,
      })),
    status,
  };
}
