import type { InstallBar } from '../../lib/model/deployment/install-bar.ts';
import type { HostPromise } from '../../lib/model/placement/host-promise.ts';
import type { Plan, PlanRun, StepProgress } from '../../lib/model/plan/plan.ts';
import type { ServiceConfig } from '../../lib/model/service/config.ts';
import type {
  ControllerHosts,
  DownSlot,
  GoneHost,
  NodeGoal,
  NodeLease,
  NodeWait,
  QuorumFormed,
  ServiceState,
  ServiceTarget,
  ServiceWish,
  StopVerdict,
  TaskSeen,
  Tombstone,
  WaitIdentity,
} from '../../lib/model/state.ts';
import type { CreateResult, LeaseTaking, NodeFinish, ServiceCreation, Store } from '../../lib/ports/store.ts';

/** All that is kept of one service, by key. */
interface Kept {
  target: ServiceTarget;
  wish: ServiceWish;
  readonly plans: Map<string, Plan>;
  readonly runs: Map<string, PlanRun>;
  readonly steps: Map<string, StepProgress>;
  readonly goals: Map<number, NodeGoal>;
  readonly seen: Map<string, TaskSeen>;
  readonly leases: Map<number, NodeLease>;
  readonly verdicts: Map<number, StopVerdict>;
  readonly waits: Map<string, NodeWait>;
  readonly configs: Map<string, ServiceConfig>;
  readonly goneHosts: Map<string, GoneHost>;
  slot?: DownSlot;
  controllerHosts?: ControllerHosts;
  quorumFormed?: QuorumFormed;
}

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
  const isLaterTry = ({ service, nodeId, holder, try: asked }: WaitIdentity): boolean => {
    const stored = services.get(service)?.waits.get(waitKey(nodeId, holder))?.try;
    return stored !== undefined && asked !== undefined && stored > asked;
  };
  const kept = (service: string): Kept => {
    const found = services.get(service);
    if (found === undefined) throw new Error(`no service ${service}`);
    return found;
  };
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
    createService: async (creation) => create({ services, ports, tombstones, bar }, copy(creation)),
    acceptPlan: async ({ plan, wish, previous }) => {
      const service = kept(plan.service);
      if (service.wish.planId !== previous.planId) return false;
      service.plans.set(plan.id, copy(plan));
      service.wish = copy(wish);
      return true;
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
    finishNode: async (finish) => finishNode(services.get(finish.lease.service), copy(finish)),
    beginStep: async (service, step) => {
      const steps = services.get(service)?.steps;
      if (steps?.has(step.stepId) === false) steps.set(step.stepId, copy(step));
    },
    putVerdict: async (verdict) => {
      services.get(verdict.service)?.verdicts.set(verdict.nodeId, copy(verdict));
    },
    putWait: async (wait) => {
      if (isLaterTry(wait)) return;
      services.get(wait.service)?.waits.set(waitKey(wait.nodeId, wait.holder), copy(wait));
    },
    explainWait: async (wait) => {
      if (isLaterTry(wait)) return;
      const waits = services.get(wait.service)?.waits;
      const key = waitKey(wait.nodeId, wait.holder);
      const stored = waits?.get(key);
      const kept = wait.try !== undefined && stored?.try === wait.try ? stored : {};
      waits?.set(key, copy({ ...kept, ...wait }));
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
    putSeen: async (seen) => {
      const known = services.get(seen.service)?.seen;
      if (known === undefined) return false;
      const stored = known.get(seen.taskArn);
      if (stored !== undefined && stored.version >= seen.version) return false;
      known.set(seen.taskArn, copy(seen));
      return true;
    },
    putRun: async (service, run) => {
      const runs = services.get(service)?.runs;
      if (runs === undefined) return false;
      const stored = runs.get(run.planId);
      if (stored !== undefined && stored.run >= run.run) return false;
      runs.set(run.planId, copy(run));
      return true;
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

interface All {
  readonly services: Map<string, Kept>;
  readonly ports: Map<number, string>;
  readonly tombstones: Map<string, Tombstone>;
  readonly bar: InstallBar | undefined;
}

function create(all: All, { target, wish, config, plan, ports }: ServiceCreation): CreateResult {
  if (all.services.has(target.service)) return { type: 'name taken' };
  if (all.bar !== undefined) return { type: 'installs barred' };
  const taken = ports.filter((port) => all.ports.has(port));
  if (taken.length > 0) return { type: 'port taken', ports: taken };
  for (const port of ports) all.ports.set(port, target.service);
  all.tombstones.delete(target.service);
  all.services.set(target.service, {
    target,
    wish,
    plans: new Map([[plan.id, plan]]),
    runs: new Map(),
    steps: new Map(),
    goals: new Map(),
    seen: new Map(),
    leases: new Map(),
    verdicts: new Map(),
    waits: new Map(),
    goneHosts: new Map(),
    configs: new Map([[config.id, config]]),
  });
  return { type: 'created' };
}

function take(service: Kept, { lease, previous, withSlot }: LeaseTaking): boolean {
  const { nodeId, holder } = lease;
  const stored = service.leases.get(nodeId);
  const isPrevious =
    stored?.holder === previous?.holder &&
    stored?.number === previous?.number &&
    stored?.released === previous?.released;
  const slotIsFree = service.slot === undefined || service.slot.nodeId === nodeId;
  if (!isPrevious || (withSlot && !slotIsFree)) return false;
  service.leases.set(nodeId, lease);
  if (withSlot) service.slot = { service: lease.service, nodeId, holder };
  return true;
}

function finishNode(service: Kept | undefined, { lease, goal, step }: NodeFinish): boolean {
  if (service === undefined) return false;
  const stored = service.leases.get(lease.nodeId);
  if (!holds(service, lease)) {
    return stored?.holder === lease.holder && stored.number === lease.number && stored.released;
  }
  if (goal !== undefined && !isNext(service, goal)) return false;
  service.leases.set(lease.nodeId, { ...lease, released: true });
  service.waits.delete(waitKey(lease.nodeId, lease.holder));
  if (goal !== undefined) service.goals.set(goal.nodeId, { ...goal, revision: (goal.revision ?? 0) + 1 });
  if (step !== undefined) service.steps.set(step.stepId, step);
  if (service.slot?.nodeId === lease.nodeId) delete service.slot;
  return true;
}

function holds(service: Kept, lease: NodeLease): boolean {
  const stored = service.leases.get(lease.nodeId);
  return stored !== undefined && !stored.released && stored.holder === lease.holder && stored.number === lease.number;
}

/** Whether the goal is based on what is stored. */
function isNext(service: Kept, goal: NodeGoal): boolean {
  return service.goals.get(goal.nodeId)?.revision === goal.revision;
}

function waitKey(nodeId: number, holder: string): string {
  return `${nodeId} ${holder}`;
}

function stateOf(service: Kept | undefined): ServiceState | undefined {
  if (service === undefined) return undefined;
  const { slot, controllerHosts, quorumFormed } = service;
  return copy({
    target: service.target,
    wish: service.wish,
    plans: [...service.plans.values()],
    runs: [...service.runs.values()],
    steps: [...service.steps.values()],
    goals: [...service.goals.values()].sort((left, right) => left.nodeId - right.nodeId),
    seen: [...service.seen.values()],
    leases: [...service.leases.values()],
    verdicts: [...service.verdicts.values()],
    waits: [...service.waits.values()],
    goneHosts: [...service.goneHosts.values()],
    ...(slot === undefined ? {} : { slot }),
    ...(controllerHosts === undefined ? {} : { controllerHosts }),
    ...(quorumFormed === undefined ? {} : { quorumFormed }),
  });
}

/** What is stored and what is answered never share an object. */
function copy<Type>(value: Type): Type {
  return structuredClone(value);
}
