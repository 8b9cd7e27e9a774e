import { describe, expect, test } from '@jest/globals';
import type { LastWords } from '../../lib/model/state.ts';
import type { Store } from '../../lib/ports/store.ts';
import {
  config,
  created,
  creation,
  freshPort,
  freshService,
  goal,
  lease,
  operation,
  plan,
  seen,
  tombstone,
  wait,
} from './store-records.ts';

/** What every store promises about services, their plans and their end. Each test has names and ports of its own. */
export function describeServices(open: () => Store): void {
  describe('createService', () => {
    test('stores target, wish, plan and config, and claims name and ports', async () => {
      const store = open();
      const { service, claimed } = await created(store);
      const state = await store.readService(service);
      const { target, wish } = creation(service, claimed);
      expect(state).toEqual({
        ...{ target, wish, plans: [plan(service)], runs: [], steps: [], goals: [], seen: [] },
        ...{
          leases: [],
          verdicts: [],
          waits: [],
          goneHosts: [],
          fences: [],
          hostsSeen: [],
          lastWords: [],
          steering: [],
          nodeWishes: [],
        },
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
      const free = freshPort();
      const again = { ...creation(service, [free]), target: { ...creation(service, []).target, createdAt: 2 } };
      expect(await store.createService(again)).toEqual({ type: 'name taken' });
      expect((await store.readService(service))?.target.createdAt).toBe(1);
      expect((await store.listPortClaims()).map(({ port }) => port)).not.toContain(free);
    });

    test('refuses ports that are taken, names them, and changes nothing', async () => {
      const store = open();
      const { claimed } = await created(store);
      const free = freshPort();
      const service = freshService();
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
      const service = freshService();
      const results = await settledTwice(() => store.createService(creation(service, [freshPort()])));
      expect(results.filter(({ type }) => type === 'created').length).toBe(1);
    });
  });

  describe('barInstalls', () => {
    const bar = (id: string) => ({ id, since: 7, barredBy: 'ann' });

    test('lets no service be created, claims nothing, and leaves the services that live', async () => {
      const store = open();
      const { service } = await created(store);
      await store.barInstalls(bar('bar-1'));
      expect(await store.readInstallBar()).toEqual(bar('bar-1'));
      const free = freshPort();
      const refused = freshService();
      expect(await store.createService(creation(refused, [free]))).toEqual({ type: 'installs barred' });
      expect(await store.readService(refused)).toBeUndefined();
      expect((await store.listPortClaims()).map(({ port }) => port)).not.toContain(free);
      expect((await store.readService(service))?.target.service).toBe(service);
      await store.liftInstallBar('bar-1');
      expect(await store.createService(creation(refused, [free]))).toEqual({ type: 'created' });
    });

    test('is undone only by the id of the newest bar, and may be undone again', async () => {
      const store = open();
      await store.barInstalls(bar('bar-1'));
      await store.barInstalls(bar('bar-2'));
      await store.liftInstallBar('bar-1');
      expect(await store.readInstallBar()).toEqual(bar('bar-2'));
      for (let time = 0; time < 2; time++) {
        await store.liftInstallBar('bar-2');
        expect(await store.readInstallBar()).toBeUndefined();
      }
    });

    test('and an install at once: either the service is there to be seen, or it was refused', async () => {
      const store = open();
      const service = freshService();
      const [result] = await Promise.all([
        settled(() => store.createService(creation(service, [freshPort()]))),
        settled(() => store.barInstalls(bar('bar-3'))),
      ]);
      const isListed = (await store.listServices()).includes(service);
      expect(result).toEqual({ type: isListed ? 'created' : 'installs barred' });
      await store.liftInstallBar('bar-3');
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
      const next = (id: string) => ({
        plan: plan(service, id),
        wish: { service, planId: id },
        previous,
        operation: operation(service, { id: `operation of ${id}` }),
      });
      expect(await store.acceptPlan(next('plan-2'))).toBe(true);
      expect(await store.acceptPlan(next('plan-3'))).toBe(false);
      const state = await store.readService(service);
      expect(state?.wish).toEqual({ service, planId: 'plan-2' });
      expect(state?.plans.map(({ id }) => id).sort()).toEqual([`plan of ${service}`, 'plan-2']);
    });
  });

  describe('putGoneHost', () => {
    test('stores the newest fact of each host, and none of a service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      await store.putGoneHost({ service, instanceId: 'i-1', seenAt: 5 });
      await store.putGoneHost({ service, instanceId: 'i-1', seenAt: 6 });
      expect((await store.readService(service))?.goneHosts).toEqual([{ service, instanceId: 'i-1', seenAt: 6 }]);
      await store.forgetService(tombstone(service));
      await store.putGoneHost({ service, instanceId: 'i-2', seenAt: 7 });
      expect(await store.createService(creation(service, []))).toEqual({ type: 'created' });
      expect((await store.readService(service))?.goneHosts).toEqual([]);
    });
  });

  describe('putWitness', () => {
    test('stores what Kafka said last, and nothing of a service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      expect(await store.readService(service)).not.toHaveProperty('witness');
      const dead = { service, askedAt: 5, nodes: [{ nodeId: 0, life: 'dead' as const, since: 5 }] };
      await store.putWitness(dead);
      await store.putWitness({ ...dead, askedAt: 6 });
      expect((await store.readService(service))?.witness).toEqual({ ...dead, askedAt: 6 });
      await store.forgetService(tombstone(service));
      await store.putWitness(dead);
      expect(await store.createService(creation(service, []))).toEqual({ type: 'created' });
      expect(await store.readService(service)).not.toHaveProperty('witness');
    });
  });

  describe('wishForHost', () => {
    const fenceOf = (service: string, requestedAt: number) => ({
      ...{ service, instanceId: 'i-1', requestedBy: 'ann', requestedAt, force: false, why: 'she has decided' },
    });
    const lineOf = (service: string) => operation(service, { id: 'fence-i-1', kind: 'fence host', requestedAt: 3 });

    test('stores the wish in all services with nodes there, with a line of the history of each', async () => {
      const store = open();
      const services = [(await created(store)).service, (await created(store)).service];
      const fences = services.map((service) => fenceOf(service, 3));
      expect(await store.wishForHost({ fences, operations: services.map(lineOf) })).toBe(true);
      for (const [index, service] of services.entries()) {
        expect((await store.readService(service))?.fences).toEqual([fences[index]]);
        const { operations } = await store.listOperations(service, { limit: 1 });
        expect(operations[0]).toMatchObject({ kind: 'fence host' });
      }
    });

    test('stores nothing when one of them is gone', async () => {
      const store = open();
      const services = [(await created(store)).service, (await created(store)).service];
      const [first = '', second = ''] = services;
      await store.forgetService(tombstone(second));
      const fences = services.map((service) => fenceOf(service, 3));
      expect(await store.wishForHost({ fences, operations: services.map(lineOf) })).toBe(false);
      expect((await store.readService(first))?.fences).toEqual([]);
    });

    test('is stored with what became of it, unless it was taken back or said anew since', async () => {
      const store = open();
      const { service } = await created(store);
      const refused = { at: 4, why: 'OperationNotPermitted' };
      await store.noteFence({ ...fenceOf(service, 3), refused });
      expect((await store.readService(service))?.fences).toEqual([]);
      await store.wishForHost({ fences: [fenceOf(service, 3)], operations: [] });
      await store.noteFence({ ...fenceOf(service, 2), refused });
      await store.noteFence({ ...fenceOf(service, 3), force: true, refused });
      expect((await store.readService(service))?.fences).toEqual([fenceOf(service, 3)]);
      await store.noteFence({ ...fenceOf(service, 3), refused });
      expect((await store.readService(service))?.fences).toEqual([{ ...fenceOf(service, 3), refused }]);
    });

    test('is taken back as it was, and never in the place of a later one', async () => {
      const store = open();
      const { service } = await created(store);
      await store.wishForHost({ fences: [fenceOf(service, 3)], operations: [] });
      await store.removeFence(fenceOf(service, 2));
      expect((await store.readService(service))?.fences).toHaveLength(1);
      await store.removeFence(fenceOf(service, 3));
      await store.removeFence(fenceOf(service, 3));
      expect((await store.readService(service))?.fences).toEqual([]);
    });
  });

  describe('putHostSeen', () => {
    test('stores the newest sight of each host, and none of a service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      await store.putHostSeen({ service, instanceId: 'i-1', status: 'ACTIVE', silentSince: 5 });
      await store.putHostSeen({ service, instanceId: 'i-1', status: 'DRAINING' });
      expect((await store.readService(service))?.hostsSeen).toEqual([
        { service, instanceId: 'i-1', status: 'DRAINING' },
      ]);
      await store.forgetService(tombstone(service));
      await store.putHostSeen({ service, instanceId: 'i-2', status: 'ACTIVE' });
      expect(await store.createService(creation(service, []))).toEqual({ type: 'created' });
      expect((await store.readService(service))?.hostsSeen).toEqual([]);
    });
  });

  describe('putEmptyZones', () => {
    test('stores the newest fact, and none of a service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      await store.putEmptyZones({ service, zones: [{ zone: 'a', since: 5 }] });
      await store.putEmptyZones({ service, zones: [{ zone: 'b', since: 6 }] });
      expect((await store.readService(service))?.emptyZones).toEqual({ service, zones: [{ zone: 'b', since: 6 }] });
      await store.forgetService(tombstone(service));
      await store.putEmptyZones({ service, zones: [] });
      expect(await store.createService(creation(service, []))).toEqual({ type: 'created' });
      expect((await store.readService(service))?.emptyZones).toBeUndefined();
    });
  });

  describe('putLastWords', () => {
    const words = (service: string, attempt: number, changes: Partial<LastWords> = {}): LastWords => ({
      ...{ service, nodeId: 0, taskArn: `task-${attempt}`, attempt, lines: [`words of try ${attempt}`] },
      ...changes,
    });

    test('keeps those of the latest try of a node, in the place of a log that could not be read', async () => {
      const store = open();
      const { service } = await created(store);
      const unread = words(service, 9, { lines: [], unread: 'no answer' });
      const stored = async () => (await store.readService(service))?.lastWords;
      await store.putLastWords(words(service, 2));
      await store.putLastWords(words(service, 1));
      expect(await stored()).toEqual([words(service, 2)]);
      await store.putLastWords(unread);
      await store.putLastWords(words(service, 2));
      expect(await stored()).toEqual([unread]);
      await store.putLastWords(words(service, 9));
      await store.putLastWords(unread);
      await store.putLastWords(words(service, 9, { lines: ['other'] }));
      expect(await stored()).toEqual([words(service, 9)]);
      await store.putLastWords(words(service, 10));
      await store.putLastWords(words(service, 1, { nodeId: 1 }));
      expect((await stored())?.map(({ nodeId, attempt }) => [nodeId, attempt])).toEqual([
        [0, 10],
        [1, 1],
      ]);
    });

    test('stores none of a service that is gone', async () => {
      const store = open();
      const { service } = await created(store);
      await store.forgetService(tombstone(service));
      await store.putLastWords(words(service, 1));
      expect(await store.createService(creation(service, []))).toEqual({ type: 'created' });
      expect((await store.readService(service))?.lastWords).toEqual([]);
    });
  });

  describe('forgetService', () => {
    test('refuses the end of a run that comes late', async () => {
      const store = open();
      const { service } = await created(store);
      await store.forgetService(tombstone(service));
      const run = { planId: 'plan', run: 1, outcome: 'succeeded', endedAt: 1 } as const;
      expect(await store.putRun(service, run)).toBe(false);
    });

    test('leaves the next service of the name alone when it comes late', async () => {
      const store = open();
      const { service } = await created(store);
      await store.forgetService(tombstone(service));
      const next = creation(service, [freshPort()]);
      const plan2 = { ...next.plan, id: 'plan of the next' };
      expect(await store.createService({ ...next, plan: plan2, wish: { service, planId: plan2.id } })).toEqual({
        type: 'created',
      });
      await store.forgetService(tombstone(service));
      expect((await store.readService(service))?.wish.planId).toBe(plan2.id);
      expect(await store.listServices()).toContain(service);
      expect(await store.readConfig(service, config.id)).toEqual(config);
      expect((await store.listPortClaims()).filter((claim) => claim.service === service)).toHaveLength(1);
      expect(await store.readTombstone(service)).toBeUndefined();
    });

    test('refuses what was seen of a task and comes late', async () => {
      const store = open();
      const { service } = await created(store);
      await store.forgetService(tombstone(service));
      expect(await store.putSeen(seen(service, 1))).toBe(false);
      expect(await store.readSeen(service, 'task-1')).toBeUndefined();
    });

    test('lets nothing of a step that comes late be read as of the next service of the name', async () => {
      const store = open();
      const { service } = await created(store);
      await store.forgetService(tombstone(service));
      const step = { planId: 'plan', stepId: 'step', startedAt: 1 };
      expect(await store.takeLease({ lease: lease(service), withSlot: true, step })).toBe(false);
      await store.putVerdict({ service, nodeId: 0, holder: 'execution-1', judgedAt: 1 });
      await store.putWait(wait(service));
      await store.formQuorum({ service, formedAt: 1 });
      expect(await store.createService(creation(service, []))).toEqual({ type: 'created' });
      const state = await store.readService(service);
      expect(state).toMatchObject({ steps: [], verdicts: [], waits: [] });
      expect(state?.quorumFormed).toBeUndefined();
    });

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

/** One that met the other's transaction asks again, as its callers do. */
function settled<Result>(call: () => Promise<Result>): Promise<Result> {
  return call().catch((error: unknown) => {
    if (error instanceof Error && 'retriable' in error && error.retriable === true) return settled(call);
    throw error;
  });
}

function settledTwice<Result>(call: () => Promise<Result>): Promise<readonly Result[]> {
  return Promise.all([settled(call), settled(call)]);
}
