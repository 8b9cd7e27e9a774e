import type { InstallBar } from '../../lib/model/deployment/install-bar.ts';
import type { LostEventsLook } from '../../lib/model/health/lost-events-look.ts';
import { historyCursor, historyPage } from '../../lib/model/history-page.ts';
import type { HostPromise } from '../../lib/model/placement/host-promise.ts';
import type { Tombstone, WaitIdentity } from '../../lib/model/state.ts';
import type { Orphans } from '../../lib/model/truth/orphan.ts';
import { asItBegan } from '../../lib/model/wait-goes-on.ts';
import type { Store } from '../../lib/ports/store.ts';
import {
  accept,
  copy,
  create,
  finishNode,
  forget,
  hasLaterTry,
  holds,
  isNext,
  type Kept,
  passStep,
  stateOf,
  take,
  waitKey,
} from './memory-service.ts';

/** The port Store in memory: the same promises as DynamoDB's, proved by the same suite. */
export function createMemoryStore(): Store {
  const services = new Map<string, Kept>();
  const ports = new Map<number, string>();
  const tombstones = new Map<string, Tombstone>();
  const promises = new Map<string, HostPromise>();
  let promisesVersion = 0;
  const promise = (made: readonly HostPromise[]) => {
    promisesVersion++;
    for (const one of made) promises.set(`${one.service}#${one.nodeId}`, copy(one));
  };
  let bar: InstallBar | undefined;
  let orphans: Orphans | undefined;
  let lostEvents: LostEventsLook | undefined;
  const isLaterTry = (wait: WaitIdentity): boolean => hasLaterTry(services.get(wait.service), wait);
  return {
    listServices: async () => [...services.keys()].sort(),
    readService: async (service) => stateOf(services.get(service)),
    readTombstone: async (service) => copy(tombstones.get(service)),
    readConfig: async (service, configId) => copy(services.get(service)?.configs.get(configId)),
    listConfigIds: async (service) => [...(services.get(service)?.configs.keys() ?? [])].sort(),
    listPortClaims: async () => [...ports].map(([port, service]) => ({ port, service })),
    readGoal: async (service, nodeId) => copy(services.get(service)?.goals.get(nodeId)),
    readSeen: async (service, taskArn) => copy(services.get(service)?.seen.get(taskArn)),
    readHostPromises: async () => copy({ version: promisesVersion, promises: [...promises.values()] }),
    readInstallBar: async () => copy(bar),
    readOrphans: async () => copy(orphans),
    readLostEvents: async () => copy(lostEvents),
    putOrphans: async (look) => {
      if (orphans === undefined || orphans.lookedAt < look.lookedAt) orphans = copy(look);
    },
    putLostEvents: async (look) => {
      if (lostEvents === undefined || lostEvents.lookedAt < look.lookedAt) lostEvents = copy(look);
    },
    createService: async (creation) => create({ services, ports, tombstones, bar }, copy(creation)),
    acceptPlan: async (acceptance) => accept(services.get(acceptance.plan.service), copy(acceptance)),
    steer: async ({ steering, operation }) => {
      const service = services.get(steering.service);
      const before = service?.steering.get(steering.planId)?.revision ?? 0;
      if (service === undefined || service.wish.planId !== steering.planId || before !== steering.revision - 1)
        return false;
      service.steering.set(steering.planId, copy(steering));
      service.operations.push(copy(operation));
      return true;
    },
    wishForNode: async ({ nodeWish, operation, own }) => {
      const service = services.get(nodeWish.service);
      const before = service?.nodeWishes.get(nodeWish.nodeId)?.revision ?? 0;
      if (service === undefined || service.wish.uninstall !== undefined || before !== nodeWish.revision - 1)
        return false;
      if (own !== undefined && (service.ownReplacements?.revision ?? 0) !== own.revision - 1) return false;
      if (own !== undefined) service.ownReplacements = copy(own);
      service.nodeWishes.set(nodeWish.nodeId, copy(nodeWish));
      service.operations.push(copy(operation));
      return true;
    },
    refuseUpdate: async ({ refused, operation }) => {
      const service = services.get(refused.service);
      if (service === undefined) return false;
      service.refusedUpdate = copy(refused);
      service.operations.push(copy(operation));
      return true;
    },
    forgetRefusedUpdate: async (name) => {
      delete services.get(name)?.refusedUpdate;
    },
    putProposal: async (proposal) => {
      services.get(proposal.service)?.proposals.set(proposal.plan.id, copy(proposal));
      return services.has(proposal.service);
    },
    readProposal: async (service, planId) => copy(services.get(service)?.proposals.get(planId)),
    listOperations: async (service, { limit, before }) => {
      const all = [...(services.get(service)?.operations ?? [])]
        .sort((one, other) => (historyCursor(one) < historyCursor(other) ? 1 : -1))
        .filter((operation) => before === undefined || historyCursor(operation) < before);
      return historyPage(copy(all), limit);
    },
    takeLease: async (taking) => {
      const service = services.get(taking.lease.service);
      return service !== undefined && take(service, copy(taking));
    },
    putGoal: async (goal, lease) => {
      const service = services.get(goal.service);
      if (service === undefined || !holds(service, lease) || !isNext(service, goal)) return false;
      service.goals.set(goal.nodeId, { ...copy(goal), revision: (goal.revision ?? 0) + 1 });
      return true;
    },
    freeSlot: async ({ service, holder }) => {
      const kept = services.get(service);
      if (kept?.slot?.holder === holder) delete kept.slot;
    },
    finishNode: async (finish) => finishNode(services.get(finish.lease.service), copy(finish)),
    passStep: async (pass) => passStep(services.get(pass.lease.service), copy(pass)),
    putVerdict: async (verdict, operation) => {
      services.get(verdict.service)?.verdicts.set(verdict.nodeId, copy(verdict));
      if (operation !== undefined) services.get(verdict.service)?.operations.push(copy(operation));
    },
    putWait: async (wait) => {
      if (isLaterTry(wait)) return;
      const waits = services.get(wait.service)?.waits;
      const key = waitKey(wait.nodeId, wait.holder);
      waits?.set(key, copy(asItBegan(wait, waits.get(key))));
    },
    explainWait: async (wait) => {
      if (isLaterTry(wait)) return;
      const waits = services.get(wait.service)?.waits;
      const key = waitKey(wait.nodeId, wait.holder);
      const stored = waits?.get(key);
      const kept = wait.try !== undefined && stored?.try === wait.try ? stored : {};
      waits?.set(key, copy({ ...kept, ...asItBegan(wait, stored) }));
    },
    removeWait: async (wait) => {
      if (isLaterTry(wait)) return;
      services.get(wait.service)?.waits.delete(waitKey(wait.nodeId, wait.holder));
    },
    placeNode: async ({ goal, lease, promise: made, version }) => {
      const service = services.get(goal.service);
      if (service === undefined || !holds(service, lease) || !isNext(service, goal)) return false;
      if (version !== promisesVersion) return false;
      service.goals.set(goal.nodeId, { ...copy(goal), revision: (goal.revision ?? 0) + 1 });
      promise([made]);
      return true;
    },
    promiseRoom: async ({ planId, promise: made, version }) => {
      if (services.get(made.service)?.wish.planId !== planId || version !== promisesVersion) return false;
      promise([made]);
      return true;
    },
    placeControllers: async ({ hosts, planId, promises: made, version }) => {
      const service = services.get(hosts.service);
      if (service?.wish.planId !== planId || service.controllerHosts !== undefined) return false;
      if (version !== promisesVersion) return false;
      service.controllerHosts = copy(hosts);
      promise(made);
      return true;
    },
    formQuorum: async (fact) => {
      const service = services.get(fact.service);
      if (service !== undefined) service.quorumFormed ??= copy(fact);
    },
    putGoneHost: async (fact) => {
      services.get(fact.service)?.goneHosts.set(fact.instanceId, copy(fact));
    },
    putHostSeen: async (seen) => {
      services.get(seen.service)?.hostsSeen.set(seen.instanceId, copy(seen));
    },
    putWitness: async (witness) => {
      const service = services.get(witness.service);
      if (service !== undefined) service.witness = copy(witness);
    },
    wishForHost: async ({ fences, operations }) => {
      if (fences.some(({ service }) => !services.has(service))) return false;
      for (const fence of fences) services.get(fence.service)?.fences.set(fence.instanceId, copy(fence));
      for (const operation of operations) services.get(operation.service)?.operations.push(copy(operation));
      return true;
    },
    removeFence: async ({ service, instanceId, requestedAt }) => {
      const fences = services.get(service)?.fences;
      if (fences?.get(instanceId)?.requestedAt === requestedAt) fences.delete(instanceId);
    },
    noteFence: async (fence) => {
      const fences = services.get(fence.service)?.fences;
      const stored = fences?.get(fence.instanceId);
      if (stored?.requestedAt === fence.requestedAt && stored.force === fence.force)
        fences?.set(fence.instanceId, copy(fence));
    },
    putEmptyZones: async (fact) => {
      const service = services.get(fact.service);
      if (service !== undefined) service.emptyZones = copy(fact);
    },
    putSeen: async (seen) => {
      const known = services.get(seen.service)?.seen;
      if (known === undefined) return false;
      const stored = known.get(seen.taskArn);
      if (stored !== undefined && stored.version >= seen.version) return false;
      known.set(seen.taskArn, copy(seen));
      return true;
    },
    putLastWords: async (words) => {
      const known = services.get(words.service)?.lastWords;
      const stored = known?.get(words.nodeId);
      const isBetter =
        stored === undefined ||
        stored.attempt < words.attempt ||
        (stored.attempt === words.attempt && stored.unread !== undefined);
      if (isBetter) known?.set(words.nodeId, copy(words));
    },
    putRun: async (service, run) => {
      const runs = services.get(service)?.runs;
      if (runs === undefined) return false;
      const stored = runs.get(run.planId);
      if (stored !== undefined && stored.run >= run.run) return false;
      runs.set(run.planId, copy(run));
      return true;
    },
    forgetRecords: async (outdated, wish) => {
      const service = services.get(wish.service);
      if (service?.wish.planId === wish.planId) forget(service, outdated);
    },
    barInstalls: async (given) => {
      bar = copy(given);
    },
    liftInstallBar: async (id) => {
      if (bar?.id === id) bar = undefined;
    },
    // What is written of a service that is gone has no place here.
    forgetRest: async () => undefined,
    forgetService: async (tombstone) => {
      if (services.get(tombstone.service)?.wish.planId !== tombstone.plan.id) return;
      services.delete(tombstone.service);
      for (const [key, { service }] of promises) if (service === tombstone.service) promises.delete(key);
      for (const [port, service] of ports) if (service === tombstone.service) ports.delete(port);
      if (!tombstones.has(tombstone.service)) tombstones.set(tombstone.service, copy(tombstone));
    },
  };
}
