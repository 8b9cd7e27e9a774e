import { describe, expect, test } from '@jest/globals';
import type { StepPass, Store } from '../../lib/ports/store.ts';
import { created, goal, lease, promise, promisesOf, seen, tombstone, wait } from './store-records.ts';

/** What every store promises about the work on nodes: leases, goals, steps, waits and what was seen. */
export function describeNodes(open: () => Store): void {
  const held = async (store: Store, withSlot = false) => {
    const { service } = await created(store);
    expect(await store.takeLease({ lease: lease(service), withSlot })).toBe(true);
    return service;
  };
  const begun = (service: string) => ({ planId: `plan of ${service}`, stepId: 's-0', startedAt: 3 });
  /** The step begins in the hands of the lease that `held` takes. */
  const begin = async (store: Store, service: string) => {
    const own = lease(service);
    expect(await store.takeLease({ lease: own, previous: own, withSlot: false, step: begun(service) })).toBe(true);
  };

  describe('takeLease', () => {
    test('takes a lease that nobody had, once', async () => {
      const store = open();
      const service = await held(store);
      expect(await store.takeLease({ lease: lease(service, { holder: 'execution-2' }), withSlot: false })).toBe(false);
      expect((await store.readService(service))?.leases).toEqual([lease(service)]);
    });

    test('takes none of a service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      await store.forgetService(tombstone(service));
      expect(await store.takeLease({ lease: lease(service), withSlot: true })).toBe(false);
    });

    test('takes none of another life of the name than the one that was read', async () => {
      const store = open();
      const { service } = await created(store);
      const { createdAt = 0 } = (await store.readService(service))?.target ?? {};
      const taking = { lease: lease(service), withSlot: false, step: begun(service) };
      expect(await store.takeLease({ ...taking, serviceCreatedAt: createdAt - 1 })).toBe(false);
      expect(await store.readService(service)).toMatchObject({ leases: [], steps: [] });
      expect(await store.takeLease({ ...taking, serviceCreatedAt: createdAt })).toBe(true);
    });

    test.each([
      ['holder', { holder: 'execution-9' }],
      ['number', { number: 7 }],
      ['release', { released: true }],
    ] as const)('refuses when the stored one has another %s than the one that was read', async (_what, changes) => {
      const store = open();
      const service = await held(store);
      const next = lease(service, { holder: 'execution-2', number: 2 });
      const previous = lease(service, changes);
      expect(await store.takeLease({ lease: next, previous, withSlot: false })).toBe(false);
      expect(await store.takeLease({ lease: next, previous: lease(service), withSlot: false })).toBe(true);
    });

    test('gives the one place of a service to one node at a time, and to the same node again', async () => {
      const store = open();
      const service = await held(store, true);
      const other = lease(service, { nodeId: 1, holder: 'execution-2' });
      expect(await store.takeLease({ lease: other, withSlot: true })).toBe(false);
      expect((await store.readService(service))?.leases.length).toBe(1);
      const next = lease(service, { holder: 'execution-3', number: 2 });
      expect(await store.takeLease({ lease: next, previous: lease(service), withSlot: true })).toBe(true);
      expect((await store.readService(service))?.slot).toEqual({ service, nodeId: 0, holder: 'execution-3' });
      expect(await store.takeLease({ lease: other, withSlot: false })).toBe(true);
    });

    test('begins the step with it: all of it or nothing, and once', async () => {
      const store = open();
      const service = await held(store, true);
      const other = lease(service, { nodeId: 1, holder: 'execution-2' });
      expect(await store.takeLease({ lease: other, withSlot: true, step: begun(service) })).toBe(false);
      expect((await store.readService(service))?.steps).toEqual([]);
      expect(await store.takeLease({ lease: other, withSlot: false, step: begun(service) })).toBe(true);
      expect((await store.readService(service))?.steps).toEqual([begun(service)]);
      const next = lease(service, { nodeId: 2, holder: 'execution-3' });
      const later = { ...begun(service), startedAt: 8 };
      expect(await store.takeLease({ lease: next, withSlot: false, step: later })).toBe(false);
      const state = await store.readService(service);
      expect(state?.steps).toEqual([begun(service)]);
      expect(state?.leases.map(({ nodeId }) => nodeId)).toEqual([0, 1]);
    });

    test('adds the place to a lease that is held, while it is free', async () => {
      const store = open();
      const service = await held(store);
      const own = lease(service);
      const other = lease(service, { nodeId: 1, holder: 'execution-2' });
      await store.takeLease({ lease: other, withSlot: true });
      expect(await store.takeLease({ lease: own, previous: own, withSlot: true })).toBe(false);
      await store.finishNode({ lease: other });
      expect(await store.takeLease({ lease: own, previous: own, withSlot: true })).toBe(true);
      const state = await store.readService(service);
      expect(state?.slot).toEqual({ service, nodeId: 0, holder: 'execution-1' });
      expect(state?.leases.find(({ nodeId }) => nodeId === 0)).toEqual(own);
    });
  });

  describe('putGoal', () => {
    test('stores under the next revision what was made from the stored one', async () => {
      const store = open();
      const service = await held(store);
      expect(await store.putGoal(goal(service), lease(service))).toBe(true);
      expect(await store.readGoal(service, 0)).toEqual(goal(service, { revision: 1 }));
      expect(await store.putGoal(goal(service, { revision: 1, attempt: 1 }), lease(service))).toBe(true);
      expect(await store.readGoal(service, 0)).toEqual(goal(service, { revision: 2, attempt: 1 }));
      expect((await store.readService(service))?.goals).toEqual([goal(service, { revision: 2, attempt: 1 })]);
    });

    test('refuses what was made from an older one, or from none', async () => {
      const store = open();
      const service = await held(store);
      await store.putGoal(goal(service), lease(service));
      await store.putGoal(goal(service, { revision: 1, attempt: 1 }), lease(service));
      expect(await store.putGoal(goal(service, { revision: 1, attempt: 8 }), lease(service))).toBe(false);
      expect(await store.putGoal(goal(service, { attempt: 9 }), lease(service))).toBe(false);
      expect((await store.readGoal(service, 0))?.attempt).toBe(1);
    });

    test.each([
      ['another holder', { holder: 'execution-2' }],
      ['another number', { number: 2 }],
    ] as const)('refuses a lease with %s', async (_what, changes) => {
      const store = open();
      const service = await held(store);
      expect(await store.putGoal(goal(service), lease(service, changes))).toBe(false);
      expect(await store.readGoal(service, 0)).toBeUndefined();
    });

    test('refuses a released lease, and a node that nobody holds', async () => {
      const store = open();
      const service = await held(store);
      await store.finishNode({ lease: lease(service) });
      expect(await store.putGoal(goal(service), lease(service))).toBe(false);
      expect(await store.putGoal(goal(service, { nodeId: 2 }), lease(service, { nodeId: 2 }))).toBe(false);
    });
  });

  describe('freeSlot', () => {
    test('removes the place of this holder and of no other, and may be repeated', async () => {
      const store = open();
      const service = await held(store, true);
      const slot = (await store.readService(service))?.slot;
      expect(slot).toEqual({ service, nodeId: 0, holder: 'execution-1' });
      await store.freeSlot({ service, nodeId: 0, holder: 'execution-2' });
      expect((await store.readService(service))?.slot).toEqual(slot);
      await store.freeSlot({ service, nodeId: 0, holder: 'execution-1' });
      await store.freeSlot({ service, nodeId: 0, holder: 'execution-1' });
      expect((await store.readService(service))?.slot).toBeUndefined();
    });
  });

  describe('finishNode', () => {
    test('gives lease and place back, removes its wait, stores the goal and ends the step, and may be repeated', async () => {
      const store = open();
      const service = await held(store, true);
      await begin(store, service);
      await store.putWait(wait(service));
      await store.putWait(wait(service, { holder: 'execution-2' }));
      const finish = { lease: lease(service), goal: goal(service), step: { ...begun(service), endedAt: 4 } };
      expect(await store.finishNode(finish)).toBe(true);
      expect(await store.finishNode(finish)).toBe(true);
      const state = await store.readService(service);
      expect(state?.leases).toEqual([lease(service, { released: true })]);
      expect(state?.slot).toBeUndefined();
      expect(state?.waits).toEqual([wait(service, { holder: 'execution-2' })]);
      expect(state?.goals).toEqual([goal(service, { revision: 1 })]);
      expect(state?.steps).toEqual([{ ...begun(service), endedAt: 4 }]);
    });

    test('without goal and step leaves both as they are', async () => {
      const store = open();
      const service = await held(store);
      await store.putGoal(goal(service), lease(service));
      await begin(store, service);
      expect(await store.finishNode({ lease: lease(service) })).toBe(true);
      const state = await store.readService(service);
      expect(state?.goals).toEqual([goal(service, { revision: 1 })]);
      expect(state?.steps).toEqual([begun(service)]);
    });

    test('refuses a lease that is another one by now, and changes nothing', async () => {
      const store = open();
      const service = await held(store, true);
      const next = lease(service, { holder: 'execution-2', number: 2 });
      await store.takeLease({ lease: next, previous: lease(service), withSlot: true });
      expect(await store.finishNode({ lease: lease(service), goal: goal(service) })).toBe(false);
      const state = await store.readService(service);
      expect(state?.leases).toEqual([next]);
      expect(state?.slot?.holder).toBe('execution-2');
      expect(state?.goals).toEqual([]);
    });

    test('refuses a goal that was made from an older one, and keeps the lease', async () => {
      const store = open();
      const service = await held(store);
      await store.putGoal(goal(service), lease(service));
      expect(await store.finishNode({ lease: lease(service), goal: goal(service) })).toBe(false);
      expect((await store.readService(service))?.leases).toEqual([lease(service)]);
    });

    test('of a try whose machine waits in a later state by now changes nothing', async () => {
      const store = open();
      const service = await held(store, true);
      await store.putWait(wait(service, { try: '2026-01-01T00:00:02Z#000' }));
      const late = { lease: lease(service), goal: goal(service), try: '2026-01-01T00:00:01Z#000' };
      expect(await store.finishNode(late)).toBe(false);
      const state = await store.readService(service);
      expect(state?.leases).toEqual([lease(service)]);
      expect(state?.waits).toEqual([wait(service, { try: '2026-01-01T00:00:02Z#000' })]);
      expect(state?.slot?.nodeId).toBe(0);
      expect(state?.goals).toEqual([]);
      expect(await store.finishNode({ ...late, try: '2026-01-01T00:00:02Z#000' })).toBe(true);
      expect((await store.readService(service))?.waits).toEqual([]);
    });

    test('leaves the place of another node alone', async () => {
      const store = open();
      const service = await held(store, true);
      const other = lease(service, { nodeId: 1, holder: 'execution-2', kind: 'recovery' });
      await store.takeLease({ lease: other, withSlot: false });
      expect(await store.finishNode({ lease: other })).toBe(true);
      expect((await store.readService(service))?.slot).toEqual({ service, nodeId: 0, holder: 'execution-1' });
    });

    test('of a service that is gone is refused', async () => {
      expect(await open().finishNode({ lease: lease('nobody') })).toBe(false);
    });
  });

  describe('passStep', () => {
    const over = (service: string) => ({ ...begun(service), endedAt: 3, endedBy: 'run-1' });
    const pass = (service: string, changes: Partial<StepPass> = {}): StepPass => ({
      previous: lease(service, { released: true }),
      lease: lease(service, { holder: 'run-1', number: 2, released: true }),
      ...{ goal: goal(service, { revision: 1, configId: 'config-2' }), step: over(service) },
      ...changes,
    });
    /** A node that somebody was through with. */
    const free = async (store: Store) => {
      const service = await held(store);
      await store.finishNode({ lease: lease(service), goal: goal(service) });
      return service;
    };

    test('takes the lease and gives it back, moves the goal, begins and ends the step, once', async () => {
      const store = open();
      const service = await free(store);
      expect(await store.passStep(pass(service))).toBe(true);
      expect(await store.passStep(pass(service))).toBe(false);
      const state = await store.readService(service);
      expect(state?.leases).toEqual([lease(service, { holder: 'run-1', number: 2, released: true })]);
      expect(state?.goals).toEqual([goal(service, { revision: 2, configId: 'config-2' })]);
      expect(state?.steps).toEqual([over(service)]);
      expect(state?.slot).toBeUndefined();
    });

    test.each<readonly [string, (store: Store, service: string) => Promise<unknown>]>([
      [
        'the node is in other hands',
        (store, service) => {
          const next = lease(service, { holder: 'execution-2', number: 2 });
          return store.takeLease({ lease: next, previous: lease(service, { released: true }), withSlot: false });
        },
      ],
      ['the service is gone', (store, service) => store.forgetService(tombstone(service))],
    ])('changes nothing when %s', async (_what, happen) => {
      const store = open();
      const service = await free(store);
      await happen(store, service);
      const before = await store.readService(service);
      expect(await store.passStep(pass(service))).toBe(false);
      expect(await store.readService(service)).toEqual(before);
    });

    test.each<readonly [string, (service: string) => Partial<StepPass>]>([
      ['another plan', (service) => ({ step: { ...over(service), planId: 'another plan' } })],
      ['a goal that was made from an older one', (service) => ({ goal: goal(service) })],
    ])('refuses %s', async (_what, changes) => {
      const store = open();
      const service = await free(store);
      const before = await store.readService(service);
      expect(await store.passStep(pass(service, changes(service)))).toBe(false);
      expect(await store.readService(service)).toEqual(before);
    });

    test('refuses a step that began', async () => {
      const store = open();
      const service = await held(store);
      await begin(store, service);
      await store.finishNode({ lease: lease(service), goal: goal(service) });
      const before = await store.readService(service);
      expect(await store.passStep(pass(service))).toBe(false);
      expect(await store.readService(service)).toEqual(before);
    });
  });

  describe('promises of hosts', () => {
    test('are stored with the goal, and only by one of two who read the same', async () => {
      const store = open();
      const service = await held(store);
      const other = await held(store);
      const { version } = await store.readHostPromises();
      const placement = (of: string) => ({ goal: goal(of), lease: lease(of), promise: promise(of, 0, 'i-1'), version });
      expect(await store.placeNode(placement(service))).toBe(true);
      expect(await store.placeNode(placement(other))).toBe(false);
      expect(await store.readGoal(service, 0)).toEqual(goal(service, { revision: 1 }));
      expect(await store.readGoal(other, 0)).toBeUndefined();
      expect((await store.readHostPromises()).version).toBe(version + 1);
      expect(await store.placeNode({ ...placement(other), version: version + 1 })).toBe(true);
      expect(await promisesOf(store, service)).toEqual([promise(service, 0, 'i-1')]);
    });

    test('of more room are made for the plan that is the wish, once of what was read', async () => {
      const store = open();
      const { service } = await created(store);
      const { version } = await store.readHostPromises();
      const more = { ...promise(service, 0, 'i-1'), placedFor: { cpuUnits: 512, memoryMiB: 1024 } };
      const room = { planId: `plan of ${service}`, promise: more, version };
      expect(await store.promiseRoom({ ...room, planId: 'another plan' })).toBe(false);
      expect(await store.promiseRoom(room)).toBe(true);
      expect(await store.promiseRoom(room)).toBe(false);
      expect(await promisesOf(store, service)).toEqual([more]);
      await store.forgetService(tombstone(service));
      expect(await store.promiseRoom({ ...room, version: version + 1 })).toBe(false);
      expect(await promisesOf(store, service)).toEqual([]);
    });

    test('are refused without the lease, and to a goal that was made from an older one', async () => {
      const store = open();
      const service = await held(store);
      const { version } = await store.readHostPromises();
      const placement = { goal: goal(service), lease: lease(service), promise: promise(service, 0, 'i-1'), version };
      expect(await store.placeNode({ ...placement, lease: lease(service, { number: 2 }) })).toBe(false);
      expect(await store.placeNode({ ...placement, goal: goal(service, { revision: 4 }) })).toBe(false);
      expect(await store.readHostPromises()).toEqual({
        version,
        promises: expect.not.arrayContaining([placement.promise]),
      });
    });

    test('of one node are one, and go with the service, those of others stay', async () => {
      const store = open();
      const service = await held(store);
      const other = await held(store);
      const place = async (of: string, revision: number | undefined, instanceId: string) => {
        const { version } = await store.readHostPromises();
        const from = revision === undefined ? {} : { revision };
        const made = { goal: goal(of, from), lease: lease(of), promise: promise(of, 0, instanceId), version };
        expect(await store.placeNode(made)).toBe(true);
      };
      await place(service, undefined, 'i-1');
      await place(service, 1, 'i-2');
      await place(other, undefined, 'i-3');
      expect(await promisesOf(store, service)).toEqual([promise(service, 0, 'i-2')]);
      await store.forgetService(tombstone(service));
      expect(await promisesOf(store, service)).toEqual([]);
      expect(await promisesOf(store, other)).toEqual([promise(other, 0, 'i-3')]);
    });
  });

  describe('facts that are stored once', () => {
    const host = { instanceId: 'i-1', containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'a' };

    const decision = (service: string, instanceId: string, version: number) => ({
      hosts: { service, hosts: [{ nodeId: 1000, host: { ...host, instanceId } }] },
      ...{ planId: `plan of ${service}`, promises: [promise(service, 1000, instanceId)], version },
    });

    test('the hosts of the controllers stay with their promises', async () => {
      const store = open();
      const { service } = await created(store);
      const { version } = await store.readHostPromises();
      expect(await store.placeControllers(decision(service, 'i-1', version))).toBe(true);
      expect(await store.placeControllers(decision(service, 'i-2', version + 1))).toBe(false);
      expect((await store.readService(service))?.controllerHosts).toEqual(decision(service, 'i-1', 0).hosts);
      expect(await promisesOf(store, service)).toEqual([promise(service, 1000, 'i-1')]);
    });

    test('no hosts are stored for a plan that is not the wish, or for a service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      const { version } = await store.readHostPromises();
      const other = { ...decision(service, 'i-1', version), planId: 'another plan' };
      expect(await store.placeControllers(other)).toBe(false);
      await store.forgetService(tombstone(service));
      const late = { ...decision(service, 'i-1', version), planId: `plan of ${service}` };
      expect(await store.placeControllers(late)).toBe(false);
      expect(await store.readService(service)).toBeUndefined();
      expect(await promisesOf(store, service)).toEqual([]);
    });

    test('the quorum is formed once', async () => {
      const store = open();
      const { service } = await created(store);
      await store.formQuorum({ service, formedAt: 5 });
      await store.formQuorum({ service, formedAt: 6 });
      expect((await store.readService(service))?.quorumFormed).toEqual({ service, formedAt: 5 });
    });
  });

  describe('putSeen', () => {
    test('takes newer versions of a task only, each task by itself', async () => {
      const store = open();
      const { service } = await created(store);
      expect(await store.putSeen(seen(service, 2))).toBe(true);
      expect(await store.putSeen(seen(service, 2, { lastStatus: 'STOPPED' }))).toBe(false);
      expect(await store.putSeen(seen(service, 1))).toBe(false);
      expect(await store.putSeen(seen(service, 10, { lastStatus: 'STOPPED', exitCode: 0 }))).toBe(true);
      expect(await store.putSeen(seen(service, 1, { taskArn: 'task-2' }))).toBe(true);
      expect(await store.readSeen(service, 'task-1')).toEqual(
        seen(service, 10, { lastStatus: 'STOPPED', exitCode: 0 }),
      );
      expect((await store.readService(service))?.seen.length).toBe(2);
    });
  });

  describe('putRun', () => {
    test('takes the ends of later runs only', async () => {
      const store = open();
      const { service } = await created(store);
      const run = (number: number) => ({ planId: 'p', run: number, outcome: 'failed' as const, endedAt: number });
      expect(await store.putRun(service, run(2))).toBe(true);
      expect(await store.putRun(service, run(2))).toBe(false);
      expect(await store.putRun(service, run(1))).toBe(false);
      expect(await store.putRun(service, run(10))).toBe(true);
      expect((await store.readService(service))?.runs).toEqual([run(10)]);
    });
  });
}
