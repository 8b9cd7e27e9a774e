import { expect, test } from '@jest/globals';
import { claimNode } from '../../../lib/operations/node/claim-node.ts';
import type { PlanRunner } from '../../../lib/ports/plan-runner.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { creation, lease } from '../../contract/store-records.ts';
import { createMemoryStore } from '../../support/memory-store.ts';

const step = { planId: 'plan of kafka', stepId: 's-0', startedAt: 3 };
const own = { service: 'kafka', nodeId: 0, kind: 'plan', holder: 'execution-1', planId: step.planId } as const;
const beside = lease('kafka', { nodeId: 1, holder: 'execution-2' });

/** The execution of node 0 holds it without the place, which is free. */
async function heldWithoutPlace(): Promise<Store> {
  const store = createMemoryStore();
  await store.createService(creation('kafka', []));
  await store.takeLease({ lease: lease('kafka'), withSlot: false });
  return store;
}

async function claim(store: Store, more: { readonly withSlot: boolean; readonly step?: typeof step }) {
  const state = await store.readService('kafka');
  if (state === undefined) throw new Error('the service is there');
  const planRunner: Partial<PlanRunner> = { status: async () => ({ type: 'running' }) };
  return claimNode({ store, clock: () => 5, planRunner: planRunner as PlanRunner }, own, { state, ...more });
}

test('an execution that holds its node takes the place as soon as it needs it, and keeps the lease', async () => {
  const store = await heldWithoutPlace();
  expect(await claim(store, { withSlot: true })).toMatchObject({ lease: lease('kafka') });
  expect((await store.readService('kafka'))?.slot).toEqual({ service: 'kafka', nodeId: 0, holder: 'execution-1' });
});

test('an execution that holds its node waits while another node has the place that it needs by now', async () => {
  const store = await heldWithoutPlace();
  await store.takeLease({ lease: beside, withSlot: true });
  expect(await claim(store, { withSlot: true })).toMatchObject({ type: 'not ready' });
  await store.finishNode({ lease: beside });
  expect(await claim(store, { withSlot: true })).toMatchObject({ lease: lease('kafka') });
});

test('the step begins with the lease, and not at all when the place is taken', async () => {
  const store = createMemoryStore();
  await store.createService(creation('kafka', []));
  await store.takeLease({ lease: beside, withSlot: true });
  expect(await claim(store, { withSlot: true, step })).toMatchObject({ type: 'not ready' });
  expect(await store.readService('kafka')).toMatchObject({ steps: [], leases: [beside] });
  await store.finishNode({ lease: beside });
  await claim(store, { withSlot: true, step });
  expect((await store.readService('kafka'))?.steps).toEqual([step]);
});
