import type { NodeGoal } from '../../../lib/model/state.ts';
import type { PlanRunner } from '../../../lib/ports/plan-runner.ts';
import type { Store } from '../../../lib/ports/store.ts';

/** Ends every step of a plan in the moment in which it is started. */
export function instantRunner(store: Store): PlanRunner {
  return {
    start: async (_machine, name) => {
      for (const service of await store.listServices()) await finishAll(store, service);
      return name;
    },
    arnOf: (_machine, name) => name,
    status: async () => ({ type: 'unknown' }),
    answer: async () => false,
  };
}

/** Ends every step of the newest plan of a service: its nodes run with the target config. */
export async function finishAll(store: Store, service: string): Promise<void> {
  const state = await store.readService(service);
  if (state === undefined) return;
  const plan = state.plans.find(({ id }) => id === state.wish.planId);
  for (const { id, nodeId } of plan?.phases.flatMap(({ steps }) => steps) ?? []) {
    const previous = state.leases.find((lease) => lease.nodeId === nodeId);
    const number = (previous?.number ?? 0) + 1;
    const lease = { service, nodeId, holder: 'arn:h', kind: 'plan', number, released: false } as const;
    await store.takeLease({ lease, withSlot: false, ...(previous === undefined ? {} : { previous }) });
    const goal = goalAfter(
      state.goals.find((stored) => stored.nodeId === nodeId),
      { service, nodeId, configId: state.target.configId },
    );
    await store.finishNode({ lease, goal, step: { planId: plan?.id ?? '', stepId: id, startedAt: 1, endedAt: 2 } });
    await store.putSeen({
      ...{ service, nodeId, taskArn: goal.launch?.taskArn ?? '', purpose: 'node', attempt: goal.attempt },
      ...{ version: 1, lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
    });
  }
}

function goalAfter(
  stored: NodeGoal | undefined,
  { service, nodeId, configId }: Pick<NodeGoal, 'service' | 'nodeId' | 'configId'>,
): NodeGoal {
  const attempt = (stored?.attempt ?? 0) + 1;
  const taskArn = `arn:task/${nodeId}/${attempt}`;
  return {
    ...(stored?.revision === undefined ? {} : { revision: stored.revision }),
    ...{ service, nodeId, configId, attempt, failures: { count: 0, lastAttempt: 0 } },
    launch: { attempt, request: '{}', requestedAt: 1, taskArn, configId },
  };
}
