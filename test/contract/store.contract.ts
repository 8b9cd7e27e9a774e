import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../lib/model/plan/plan.ts';
import type { ServiceConfig } from '../../lib/model/service/config.ts';
import type { NodeGoal, NodeLease, NodeWait, TaskSeen, Tombstone } from '../../lib/model/state.ts';
import type { ServiceCreation, Store } from '../../lib/ports/store.ts';

export const plan = (service: string, id = `plan of ${service}`): Plan => ({
  ...{ id, service, kind: 'install', configId: 'config-1', strategy: 'serial', createdAt: 1, requestedBy: 'test' },
  phases: [{ id: 'phase', name: 'broker', strategy: 'serial', steps: [{ id: 's-0', name: 'kafka-0', nodeId: 0 }] }],
});

const config: ServiceConfig = {
  id: 'config-1',
  packageVersion: '1.0.0-4.3.1',
  options: {
    service: { name: 'any' },
    brokers: { count: 3, cpus: 1, mem: 2048, heap: { size: 1024 }, disk: 5000, port: 9092 },
    controllers: { count: 3, cpus: 0.5, mem: 1024, heap: { size: 512 }, disk: 5000, port: 9093 },
    kafka: { log_retention_hours: 24, auto_create_topics_enable: false },
  },
};

export function creation(service: string, ports: readonly number[]): ServiceCreation {
  return {
    target: {
      ...{ service, configId: config.id, packageVersion: config.packageVersion, clusterId: `cluster of ${service}` },
      ...{ brokerIds: [0, 1, 2], controllerIds: [1000, 1001, 1002], createdAt: 1 },
    },
    wish: { service, planId: `plan of ${service}` },
    config,
    plan: plan(service),
    ports,
  };
}

export const lease = (service: string, changes: Partial<NodeLease> = {}): NodeLease => ({
  ...{ service, nodeId: 0, holder: 'execution-1', kind: 'plan', number: 1, released: false },
  ...changes,
});

export const goal = (service: string, changes: Partial<NodeGoal> = {}): NodeGoal => ({
  ...{ service, nodeId: 0, configId: config.id, attempt: 0, failures: { count: 0, lastAttempt: 0 } },
  ...changes,
});

const seen = (service: string, version: number, changes: Partial<TaskSeen> = {}): TaskSeen => ({
  ...{ service, nodeId: 0, taskArn: 'task-1', purpose: 'node', attempt: 1, version },
  ...{ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' },
  ...changes,
});

const wait = (service: string, changes: Partial<NodeWait> = {}): NodeWait => ({
  ...{ service, nodeId: 0, holder: 'execution-1', reason: { type: 'turn', heldBy: 'nobody' }, since: 5 },
  ...{ token: 'token-1', awaits: 'turn' },
  ...changes,
});

const tombstone = (service: string): Tombstone => ({
  service,
  uninstalledAt: 9_000,
  plan: plan(service),
  keptVolumeIds: ['vol-1'],
});

/** What every store promises. Each test works on services and ports of its own, so that they share one table. */
export function describeStore(open: () => Store): void {
  let names = 0;
  let ports = 10_000;
  const created = async (store: Store) => {
    const service = `service-${++names}`;
    const claimed = [++ports, ++ports];
    expect(await store.createService(creation(service, claimed))).toEqual({ type: 'created' });
    return { service, claimed };
  };
  const held = async (store: Store, withSlot = false) => {
    const { service } = await created(store);
    expect(await store.takeLease({ lease: lease(service), withSlot })).toBe(true);
    return service;
  };

  describe('createService', () => {
    test('stores target, wish, plan and config, and claims name and ports', async () => {
      const store = open();
      const { service, claimed } = await created(store);
      const state = await store.readService(service);
      const { target, wish } = creation(service, claimed);
      expect(state).toEqual({
        ...{ target, wish, plans: [plan(service)], runs: [], steps: [], goals: [], seen: [] },
        ...{ leases: [], verdicts: [], waits: [] },
      });
      expect(await store.readConfig(service, 'config-1')).toEqual(config);
      expect(await store.listConfigIds(service)).toEqual(['config-1']);
      expect(await store.listServices()).toContain(service);
      expect((await store.listPortClaims()).filter((claim) => claim.service === service)).toEqual(
        claimed.map((port) => ({ port, service })),
      );
    });

    test('refuses a name that is taken and changes nothing, not even the claims of other ports', async () => {
      const store = open();
      const { service } = await created(store);
      const free = ++ports;
      const again = { ...creation(service, [free]), target: { ...creation(service, []).target, createdAt: 2 } };
      expect(await store.createService(again)).toEqual({ type: 'name taken' });
      expect((await store.readService(service))?.target.createdAt).toBe(1);
      expect((await store.listPortClaims()).map(({ port }) => port)).not.toContain(free);
    });

    test('refuses ports that are taken, names them, and changes nothing', async () => {
      const store = open();
      const { claimed } = await created(store);
      const free = ++ports;
      const service = `service-${++names}`;
      const [, second = 0] = claimed;
      expect(await store.createService(creation(service, [free, second]))).toEqual({
        type: 'port taken',
        ports: [second],
      });
      expect(await store.readService(service)).toBeUndefined();
      expect(await store.listServices()).not.toContain(service);
      expect((await store.listPortClaims()).map(({ port }) => port)).not.toContain(free);
    });

    test('lets one of two win who want the same name at once', async () => {
      const store = open();
      const service = `service-${++names}`;
      const results = await settledTwice(() => store.createService(creation(service, [++ports])));
      expect(results.filter(({ type }) => type === 'created').length).toBe(1);
    });
  });

  describe('what is not there', () => {
    test('is undefined or empty', async () => {
      const store = open();
      expect(await store.readService('nobody')).toBeUndefined();
      expect(await store.readTombstone('nobody')).toBeUndefined();
      expect(await store.readConfig('nobody', 'config-1')).toBeUndefined();
      expect(await store.listConfigIds('nobody')).toEqual([]);
      expect(await store.readGoal('nobody', 0)).toBeUndefined();
      expect(await store.readSeen('nobody', 'task-1')).toBeUndefined();
    });
  });

  describe('acceptPlan', () => {
    test('stores plan and wish while the wish is the previous one, and refuses a second one on the same base', async () => {
      const store = open();
      const { service } = await created(store);
      const previous = { service, planId: `plan of ${service}` };
      const next = (id: string) => ({ plan: plan(service, id), wish: { service, planId: id }, previous });
      expect(await store.acceptPlan(next('plan-2'))).toBe(true);
      expect(await store.acceptPlan(next('plan-3'))).toBe(false);
      const state = await store.readService(service);
      expect(state?.wish).toEqual({ service, planId: 'plan-2' });
      expect(state?.plans.map(({ id }) => id).sort()).toEqual([`plan of ${service}`, 'plan-2']);
    });
  });

  describe('takeLease', () => {
    test('takes a lease that nobody had, once', async () => {
      const store = open();
      const service = await held(store);
      expect(await store.takeLease({ lease: lease(service, { holder: 'execution-2' }), withSlot: false })).toBe(false);
      expect((await store.readService(service))?.leases).toEqual([lease(service)]);
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

  describe('finishNode', () => {
    const begun = (service: string) => ({ planId: `plan of ${service}`, stepId: 's-0', startedAt: 3 });

    test('gives lease and place back, removes its wait, stores the goal and ends the step, and may be repeated', async () => {
      const store = open();
      const service = await held(store, true);
      await store.beginStep(service, begun(service));
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
      await store.beginStep(service, begun(service));
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

  describe('beginStep', () => {
    test('writes the first start and no later one', async () => {
      const store = open();
      const { service } = await created(store);
      await store.beginStep(service, { planId: 'p', stepId: 's-0', startedAt: 3 });
      await store.beginStep(service, { planId: 'p', stepId: 's-0', startedAt: 8 });
      expect((await store.readService(service))?.steps).toEqual([{ planId: 'p', stepId: 's-0', startedAt: 3 }]);
    });
  });

  describe('verdicts and waits', () => {
    test('are one for each node, and for each node and holder; the newest counts', async () => {
      const store = open();
      const { service } = await created(store);
      await store.putVerdict({ service, nodeId: 0, holder: 'execution-1', judgedAt: 1 });
      await store.putVerdict({ service, nodeId: 0, holder: 'execution-2', judgedAt: 2 });
      await store.putWait(wait(service));
      await store.putWait(wait(service, { token: 'token-2' }));
      await store.putWait(wait(service, { nodeId: 1 }));
      const state = await store.readService(service);
      expect(state?.verdicts).toEqual([{ service, nodeId: 0, holder: 'execution-2', judgedAt: 2 }]);
      expect(state?.waits).toEqual([wait(service, { token: 'token-2' }), wait(service, { nodeId: 1 })]);
    });

    test('of one holder are removed without those of others, twice without harm', async () => {
      const store = open();
      const { service } = await created(store);
      await store.putWait(wait(service));
      await store.putWait(wait(service, { holder: 'execution-2' }));
      await store.removeWait(service, 0, 'execution-1');
      await store.removeWait(service, 0, 'execution-1');
      expect((await store.readService(service))?.waits).toEqual([wait(service, { holder: 'execution-2' })]);
    });
  });

  describe('facts that are stored once', () => {
    const host = { instanceId: 'i-1', containerInstanceArn: 'arn', address: '10.0.0.1', zone: 'a' };

    test('the hosts of the controllers stay, and later ones are answered with them', async () => {
      const store = open();
      const { service } = await created(store);
      const first = { service, hosts: [{ nodeId: 1000, host }] };
      const second = { service, hosts: [{ nodeId: 1000, host: { ...host, instanceId: 'i-2' } }] };
      expect(await store.chooseControllerHosts(first)).toEqual(first);
      expect(await store.chooseControllerHosts(second)).toEqual(first);
      expect((await store.readService(service))?.controllerHosts).toEqual(first);
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

  describe('forgetService', () => {
    test('leaves the tombstone alone, keeps other services, and may be repeated', async () => {
      const store = open();
      const { service } = await created(store);
      const other = await created(store);
      await store.takeLease({ lease: lease(service), withSlot: true });
      await store.putGoal(goal(service), lease(service));
      await store.putSeen(seen(service, 1));
      await store.putWait(wait(service));
      for (let time = 0; time < 2; time++) {
        await store.forgetService(tombstone(service));
        expect(await store.readService(service)).toBeUndefined();
        expect(await store.readGoal(service, 0)).toBeUndefined();
        expect(await store.readConfig(service, 'config-1')).toBeUndefined();
        expect(await store.readTombstone(service)).toEqual(tombstone(service));
        expect(await store.listServices()).not.toContain(service);
        const claims = await store.listPortClaims();
        expect(claims.some((claim) => claim.service === service)).toBe(false);
        expect(claims.filter((claim) => claim.service === other.service).length).toBe(2);
      }
      expect((await store.readService(other.service))?.target.service).toBe(other.service);
    });

    test('keeps the first tombstone when it is repeated', async () => {
      const store = open();
      const { service } = await created(store);
      await store.forgetService(tombstone(service));
      await store.forgetService({ ...tombstone(service), uninstalledAt: 99_000, keptVolumeIds: [] });
      expect(await store.readTombstone(service)).toEqual(tombstone(service));
    });

    test('makes room for a new service of the name, which finds nothing of the old one, however late that was written', async () => {
      const store = open();
      const { service, claimed } = await created(store);
      await store.forgetService(tombstone(service));
      await store.putSeen(seen(service, 7, { lastStatus: 'STOPPED' }));
      await store.putWait(wait(service));
      expect(await store.createService(creation(service, claimed))).toEqual({ type: 'created' });
      expect(await store.readTombstone(service)).toBeUndefined();
      const state = await store.readService(service);
      expect(state?.seen).toEqual([]);
      expect(state?.waits).toEqual([]);
      expect(state?.goals).toEqual([]);
    });
  });
}

/** Both at once; one that met the other's transaction asks again, as its callers do. */
async function settledTwice<Result>(call: () => Promise<Result>): Promise<readonly Result[]> {
  const again = (): Promise<Result> =>
    call().catch((error: unknown) => {
      if (error instanceof Error && 'retriable' in error && error.retriable === true) return again();
      throw error;
    });
  return Promise.all([again(), again()]);
}
