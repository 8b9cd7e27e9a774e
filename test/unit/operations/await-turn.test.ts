import { expect, test } from '@jest/globals';
import type { NodeLease, ServiceState } from '../../../lib/model/state.ts';
import { awaitTurn } from '../../../lib/operations/node/await-turn.ts';
import type { PlanRunner } from '../../../lib/ports/plan-runner.ts';
import type { Store } from '../../../lib/ports/store.ts';

test('a node that is given back between the look and the token is taken by the look that follows the token', async () => {
  const lease: NodeLease = {
    ...{ service: 'kafka', nodeId: 0, holder: 'arn:other', kind: 'recovery', number: 1, released: false },
  };
  let leases: readonly NodeLease[] = [lease];
  const store: Partial<Store> = {
    // What a turn asks of a service, no more.
    readService: async () =>
      ({
        ...{ wish: { planId: 'plan' }, target: { controllerIds: [1000] }, quorumFormed: { formedAt: 1 } },
        ...{ leases, plans: [], steps: [], steering: [], goals: [], nodeWishes: [] },
      }) as unknown as ServiceState,
    // The other one gives the node back the moment before the token is stored, and finds nobody to wake.
    async putWait() {
      leases = [{ ...lease, released: true }];
    },
  };
  const planRunner: Partial<PlanRunner> = { status: async () => ({ type: 'running' }) };
  const ports = { store: store as Store, planRunner: planRunner as PlanRunner, clock: () => 1_800_000_000_000 };
  const request = { service: 'kafka', nodeId: 0, kind: 'plan', holder: 'arn:own', planId: 'plan', token: 't' } as const;
  expect(await awaitTurn(ports, request)).toEqual({ type: 'done', output: { turn: 'go' } });
});
