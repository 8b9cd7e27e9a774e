import { describe, expect, test } from '@jest/globals';
import type { NodeWish } from '../../lib/model/node-wish.ts';
import type { OutdatedRecords } from '../../lib/model/outdated-records.ts';
import type { PlanRun, StepProgress } from '../../lib/model/plan/plan.ts';
import type { PlanSteering } from '../../lib/model/plan/steering.ts';
import type { Proposal, ServiceTarget } from '../../lib/model/state.ts';
import type { PlanAcceptance, Store } from '../../lib/ports/store.ts';
import { config, created, creation, lease, operation, plan, seen, tombstone } from './store-records.ts';

/** What every store promises about what people ask of a service: updates, commands, proposals and the history. */
export function describeChanges(open: () => Store): void {
  const targetOf = (service: string): ServiceTarget => creation(service, []).target;
  const acceptance = (service: string, id: string, from = `plan of ${service}`): PlanAcceptance => ({
    plan: { ...plan(service, id), kind: 'update', configId: `config of ${id}` },
    wish: { service, planId: id },
    previous: { service, planId: from },
    operation: operation(service, { id: `operation of ${id}`, requestedAt: 5, planId: id }),
    update: {
      target: { ...targetOf(service), configId: `config of ${id}`, brokerIds: [0, 1, 2, 3] },
      config: { ...config, id: `config of ${id}` },
      previousConfigId: config.id,
    },
  });
  const steering = (service: string, revision: number, changes: Partial<PlanSteering> = {}): PlanSteering => ({
    ...{ service, planId: `plan of ${service}`, revision, isInterrupted: true },
    ...{ interruptedPhases: [], passed: [], forced: [], restarts: [] },
    ...changes,
  });
  const kindsOf = async (store: Store, service: string) =>
    (await store.listOperations(service, { limit: 10 })).operations.map(({ kind }) => kind);

  describe('an accepted update', () => {
    test('moves target and wish, keeps the old config, and takes the errors of a refused one away', async () => {
      const store = open();
      const { service } = await created(store);
      const refused = { service, refusedAt: 2, requestedBy: 'test', errors: [{ inBlocks: 'one', inSteps: 'two' }] };
      const failed = operation(service, { id: 'refused', kind: 'refused update', requestedAt: 2 });
      expect(await store.refuseUpdate({ refused, operation: failed })).toBe(true);
      expect((await store.readService(service))?.refusedUpdate).toEqual(refused);
      expect(await store.acceptPlan(acceptance(service, 'plan-2'))).toBe(true);
      const state = await store.readService(service);
      expect(state?.target).toEqual({ ...targetOf(service), configId: 'config of plan-2', brokerIds: [0, 1, 2, 3] });
      expect(state?.wish.planId).toBe('plan-2');
      expect(state?.refusedUpdate).toBeUndefined();
      expect([...(await store.listConfigIds(service))].sort()).toEqual(['config of plan-2', config.id]);
      expect(await kindsOf(store, service)).toEqual(['update', 'refused update', 'install']);
    });

    test('is refused when wish or target are no longer those that it was made under, and leaves nothing', async () => {
      const store = open();
      const { service } = await created(store);
      const before = await store.readService(service);
      const fromAnotherPlan = acceptance(service, 'plan-2', 'plan-9');
      const fromAnotherConfig = acceptance(service, 'plan-2');
      expect(await store.acceptPlan(fromAnotherPlan)).toBe(false);
      if (fromAnotherConfig.update === undefined) throw new Error('an update');
      const update = { ...fromAnotherConfig.update, previousConfigId: 'config-9' };
      expect(await store.acceptPlan({ ...fromAnotherConfig, update })).toBe(false);
      expect(await store.readService(service)).toEqual(before);
      expect(await store.listConfigIds(service)).toEqual([config.id]);
      expect(await kindsOf(store, service)).toEqual(['install']);
    });
  });

  describe('the errors of a refused update', () => {
    test('are forgotten on request, twice without harm, and stored of no service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      const change = {
        refused: { service, refusedAt: 2, requestedBy: 'test', errors: [] },
        operation: operation(service, { id: 'refused', kind: 'refused update' }),
      };
      await store.refuseUpdate(change);
      await store.forgetRefusedUpdate(service);
      await store.forgetRefusedUpdate(service);
      expect((await store.readService(service))?.refusedUpdate).toBeUndefined();
      await store.forgetService(tombstone(service));
      expect(await store.refuseUpdate(change)).toBe(false);
      expect(await store.readService(service)).toBeUndefined();
    });
  });

  describe('steering', () => {
    test('is stored on the revision before, and only of the plan that is the wish', async () => {
      const store = open();
      const { service } = await created(store);
      const say = (next: PlanSteering, id: string) =>
        store.steer({ steering: next, operation: operation(service, { id, kind: 'interrupt', requestedAt: 3 }) });
      expect(await say(steering(service, 1), 'one')).toBe(true);
      expect(await say(steering(service, 1), 'one again')).toBe(false);
      expect(await say(steering(service, 3), 'one too many')).toBe(false);
      expect(await say(steering(service, 1, { planId: 'plan-9' }), 'of another plan')).toBe(false);
      expect(await say(steering(service, 2, { isInterrupted: false }), 'two')).toBe(true);
      const state = await store.readService(service);
      expect(state?.steering).toEqual([steering(service, 2, { isInterrupted: false })]);
      expect(await kindsOf(store, service)).toEqual(['interrupt', 'interrupt', 'install']);
    });
  });

  describe('wishes for a node', () => {
    const wish = (service: string, revision: number, times = revision): NodeWish => ({
      ...{ service, nodeId: 0, revision },
      restart: { times, requestedBy: 'ann', requestedAt: 3 },
    });
    test('are stored on the revision before, one for each node, while the service stays', async () => {
      const store = open();
      const { service } = await created(store);
      const ask = (nodeWish: NodeWish, id: string) =>
        store.wishForNode({ nodeWish, operation: operation(service, { id, kind: 'restart node', requestedAt: 3 }) });
      expect(await ask(wish(service, 1), 'one')).toBe(true);
      expect(await ask(wish(service, 1), 'one again')).toBe(false);
      expect(await ask(wish(service, 3), 'one too many')).toBe(false);
      expect(await ask(wish(service, 2), 'two')).toBe(true);
      expect(await ask({ ...wish(service, 1), nodeId: 1 }, 'of another node')).toBe(true);
      const state = await store.readService(service);
      expect(state?.nodeWishes).toEqual([wish(service, 2), { ...wish(service, 1), nodeId: 1 }]);
      expect(await kindsOf(store, service)).toEqual(['restart node', 'restart node', 'restart node', 'install']);
      const { update: _update, ...uninstall } = acceptance(service, 'plan-9');
      await store.acceptPlan({ ...uninstall, wish: { ...uninstall.wish, uninstall: { keepVolumes: false } } });
      expect(await ask(wish(service, 3), 'too late')).toBe(false);
      await store.forgetService({ ...tombstone(service), plan: plan(service, 'plan-9') });
      expect(await ask({ ...wish(service, 1), nodeId: 2 }, 'of one that is gone')).toBe(false);
      expect(await store.readService(service)).toBeUndefined();
    });
  });

  describe('a replacement that Warden asks for by itself', () => {
    test('is refused when another node was asked for so meanwhile, and nothing of it is written', async () => {
      const store = open();
      const { service } = await created(store);
      const ask = (nodeId: number, revision: number) => {
        const nodeWish = { service, nodeId, revision: 1 };
        const by = operation(service, { id: `of ${nodeId}`, kind: 'replace node', requestedAt: 3 });
        return store.wishForNode({ nodeWish, operation: by, own: { service, revision } });
      };
      expect(await ask(0, 1)).toBe(true);
      expect(await ask(1, 1)).toBe(false);
      expect((await store.readService(service))?.nodeWishes.map(({ nodeId }) => nodeId)).toEqual([0]);
      expect(await ask(1, 2)).toBe(true);
      expect((await store.readService(service))?.ownReplacements).toEqual({ service, revision: 2 });
    });
  });

  describe('outdated records', () => {
    /** A step begins with the lease of its node, which may be held already. */
    const begin = async (store: Store, step: StepProgress, service: string): Promise<void> => {
      const taking = { lease: lease(service), withSlot: false, step };
      const isTaken = await store.takeLease(taking);
      expect(isTaken || (await store.takeLease({ ...taking, previous: lease(service) }))).toBe(true);
    };
    const nothing: OutdatedRecords = { plans: [], runs: [], steps: [], steering: [], seen: [] };

    test('are removed, and nothing else: configs and the history stay', async () => {
      const store = open();
      const { service } = await created(store);
      const said = steering(service, 1);
      await store.steer({ steering: said, operation: operation(service, { id: 'said', kind: 'interrupt' }) });
      const step = { planId: `plan of ${service}`, stepId: 's-0', startedAt: 3 };
      await begin(store, step, service);
      const run: PlanRun = { planId: `plan of ${service}`, run: 1, outcome: 'failed', endedAt: 4 };
      await store.putRun(service, run);
      await store.putSeen(seen(service, 1));
      await store.putSeen(seen(service, 1, { taskArn: 'task-2', attempt: 2 }));
      await store.acceptPlan(acceptance(service, 'plan-2'));
      await begin(store, { ...step, planId: 'plan-2', stepId: 's-1' }, service);
      const wish = { service, planId: 'plan-2' };
      const [plans, runs, steps] = [[plan(service)], [run], [step]];
      const outdated = { plans, runs, steps, steering: [said], seen: [seen(service, 1)] };
      await store.forgetRecords(outdated, wish);
      await store.forgetRecords(outdated, wish);
      const state = await store.readService(service);
      expect(state?.plans.map(({ id }) => id)).toEqual(['plan-2']);
      expect(state?.steps).toEqual([{ ...step, planId: 'plan-2', stepId: 's-1' }]);
      expect([state?.runs, state?.steering]).toEqual([[], []]);
      expect(state?.seen.map(({ taskArn }) => taskArn)).toEqual(['task-2']);
      expect(await store.listConfigIds(service)).toEqual(['config of plan-2', config.id]);
      expect((await store.listOperations(service, { limit: 10 })).operations).toHaveLength(3);
    });

    test('go in any number', async () => {
      const store = open();
      const { service } = await created(store);
      const steps = Array.from({ length: 120 }, (_, step) => ({ planId: 'gone', stepId: `s-${step}`, startedAt: 3 }));
      for (const step of steps.slice(0, 1)) await begin(store, step, service);
      const held = { lease: lease(service), previous: lease(service), withSlot: false };
      await Promise.all(steps.slice(1).map((step) => store.takeLease({ ...held, step })));
      expect((await store.readService(service))?.steps).toHaveLength(120);
      await store.forgetRecords({ ...nothing, steps }, { service, planId: `plan of ${service}` });
      expect((await store.readService(service))?.steps).toEqual([]);
    });

    test('stay when another plan is the wish by now, and when there are none', async () => {
      const store = open();
      const { service } = await created(store);
      await store.acceptPlan(acceptance(service, 'plan-2'));
      const before = await store.readService(service);
      await store.forgetRecords({ ...nothing, plans: [plan(service)] }, { service, planId: `plan of ${service}` });
      await store.forgetRecords(nothing, { service, planId: 'plan-2' });
      expect(await store.readService(service)).toEqual(before);
    });
  });

  describe('a step that an operator had done again', () => {
    test('begins anew under the next number, once', async () => {
      const store = open();
      const { service } = await created(store);
      const first = { planId: 'p', stepId: 's-0', startedAt: 3 };
      const held = lease(service);
      const begin = (step: StepProgress) => store.takeLease({ lease: held, previous: held, withSlot: false, step });
      expect(await store.takeLease({ lease: held, withSlot: false, step: first })).toBe(true);
      expect(await begin({ ...first, startedAt: 8, restart: 1 })).toBe(true);
      expect(await begin({ ...first, startedAt: 9, restart: 1 })).toBe(false);
      expect((await store.readService(service))?.steps).toEqual([{ ...first, startedAt: 8, restart: 1 }]);
      expect(await begin({ ...first, startedAt: 10, restart: 2 })).toBe(true);
      expect((await store.readService(service))?.steps).toEqual([{ ...first, startedAt: 10, restart: 2 }]);
    });
  });

  describe('a proposal', () => {
    test('is kept beside the service, which does not change, and of none that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      const before = await store.readService(service);
      const proposal: Proposal = {
        ...{ service, plan: plan(service, 'plan-2'), config, target: targetOf(service) },
        basedOn: { planId: `plan of ${service}`, configId: config.id },
      };
      expect(await store.putProposal(proposal)).toBe(true);
      expect(await store.readProposal(service, 'plan-2')).toEqual(proposal);
      expect(await store.readProposal(service, 'plan-3')).toBeUndefined();
      expect(await store.readService(service)).toEqual(before);
      await store.forgetService(tombstone(service));
      expect(await store.readProposal(service, 'plan-2')).toBeUndefined();
      expect(await store.putProposal(proposal)).toBe(false);
    });
  });

  describe('the history', () => {
    test('comes whole also where its lines are large', async () => {
      const store = open();
      const { service } = await created(store);
      const refused = { service, refusedAt: 2, requestedBy: 'test', errors: [] };
      for (let count = 1; count <= 5; count++) {
        const line = { id: `${count}`, kind: 'refused update' as const, requestedAt: count * 10 };
        await store.refuseUpdate({
          refused,
          operation: operation(service, { ...line, errors: ['x'.repeat(300_000)] }),
        });
      }
      const { operations, cursor } = await store.listOperations(service, { limit: 5 });
      expect(operations.map(({ id }) => id)).toEqual(['5', '4', '3', '2', '1']);
      expect(cursor).toBeDefined();
    });

    test('is read newest first, page by page, and goes with its service', async () => {
      const store = open();
      const { service } = await created(store);
      for (let revision = 1; revision <= 6; revision++) {
        const said = operation(service, { id: `${revision}`, kind: 'interrupt', requestedAt: revision * 10 });
        await store.steer({ steering: steering(service, revision), operation: said });
      }
      const first = await store.listOperations(service, { limit: 3 });
      expect(first.operations.map(({ id }) => id)).toEqual(['6', '5', '4']);
      const before = first.cursor;
      if (before === undefined) throw new Error('there is more');
      const second = await store.listOperations(service, { limit: 3, before });
      expect(second.operations.map(({ id }) => id)).toEqual(['3', '2', '1']);
      const third = await store.listOperations(service, { limit: 3, ...(second.cursor && { before: second.cursor }) });
      expect(third).toEqual({ operations: [operation(service, { kind: 'install' })] });
      // The last page says so by itself, also when it is full.
      const full = await store.listOperations(service, { limit: 4, ...(before && { before }) });
      expect(full.operations.map(({ id }) => id).slice(0, 3)).toEqual(['3', '2', '1']);
      expect([full.operations.length, full.cursor]).toEqual([4, undefined]);
      expect((await store.listOperations(service, { limit: 7 })).cursor).toBeUndefined();
      await store.forgetService(tombstone(service));
      expect(await store.listOperations(service, { limit: 3 })).toEqual({ operations: [] });
    });
  });
}
