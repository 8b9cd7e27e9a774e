import type { InstallBar } from '../../lib/model/deployment/install-bar.ts';
import type { EmptyZones, GoneHost, HostFence, HostSeen, KafkaWitness } from '../../lib/model/hosts/records.ts';
import type { NodeWish, OwnReplacements } from '../../lib/model/node-wish.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { OutdatedRecords } from '../../lib/model/outdated-records.ts';
import type { Plan, PlanRun, StepProgress } from '../../lib/model/plan/plan.ts';
import type { PlanSteering } from '../../lib/model/plan/steering.ts';
import type { ServiceConfig } from '../../lib/model/service/config.ts';
import type {
  ControllerHosts,
  DownSlot,
  LastWords,
  NodeGoal,
  NodeLease,
  NodeWait,
  Proposal,
  QuorumFormed,
  RefusedUpdate,
  ServiceState,
  ServiceTarget,
  ServiceWish,
  StopVerdict,
  TaskSeen,
  Tombstone,
  WaitIdentity,
} from '../../lib/model/state.ts';
import type {
  CreateResult,
  LeaseTaking,
  NodeFinish,
  PlanAcceptance,
  ServiceCreation,
  StepPass,
} from '../../lib/ports/store.ts';

/** All that is kept of one service, by key. */
export interface Kept {
  target: ServiceTarget;
  wish: ServiceWish;
  readonly plans: Map<string, Plan>;
  readonly runs: Map<string, PlanRun>;
  readonly steps: Map<string, StepProgress>;
  readonly goals: Map<number, NodeGoal>;
  readonly nodeWishes: Map<number, NodeWish>;
  readonly seen: Map<string, TaskSeen>;
  readonly leases: Map<number, NodeLease>;
  readonly verdicts: Map<number, StopVerdict>;
  readonly waits: Map<string, NodeWait>;
  readonly configs: Map<string, ServiceConfig>;
  readonly goneHosts: Map<string, GoneHost>;
  readonly hostsSeen: Map<string, HostSeen>;
  readonly fences: Map<string, HostFence>;
  witness?: KafkaWitness;
  readonly lastWords: Map<number, LastWords>;
  readonly steering: Map<string, PlanSteering>;
  readonly proposals: Map<string, Proposal>;
  /** Oldest first. */
  readonly operations: Operation[];
  refusedUpdate?: RefusedUpdate;
  slot?: DownSlot;
  controllerHosts?: ControllerHosts;
  emptyZones?: EmptyZones;
  ownReplacements?: OwnReplacements;
  quorumFormed?: QuorumFormed;
}

interface All {
  readonly services: Map<string, Kept>;
  readonly ports: Map<number, string>;
  readonly tombstones: Map<string, Tombstone>;
  readonly bar: InstallBar | undefined;
}

export function accept(
  service: Kept | undefined,
  { plan, wish, previous, operation, update }: PlanAcceptance,
): boolean {
  if (service?.wish.planId !== previous.planId) return false;
  if (update !== undefined && service.target.configId !== update.previousConfigId) return false;
  service.plans.set(plan.id, plan);
  service.wish = wish;
  service.operations.push(operation);
  delete service.refusedUpdate;
  if (update === undefined) return true;
  service.target = update.target;
  service.configs.set(update.config.id, update.config);
  return true;
}

export function create(all: All, { target, wish, config, plan, ports, operation }: ServiceCreation): CreateResult {
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
    hostsSeen: new Map(),
    fences: new Map(),
    lastWords: new Map(),
    nodeWishes: new Map(),
    steering: new Map(),
    proposals: new Map(),
    operations: [operation],
    configs: new Map([[config.id, config]]),
  });
  return { type: 'created' };
}

export function take(service: Kept, taking: LeaseTaking): boolean {
  const { lease, previous, withSlot, step, serviceCreatedAt = service.target.createdAt } = taking;
  if (serviceCreatedAt !== service.target.createdAt) return false;
  const { nodeId, holder } = lease;
  const stored = service.leases.get(nodeId);
  const isPrevious =
    stored?.holder === previous?.holder &&
    stored?.number === previous?.number &&
    stored?.released === previous?.released;
  const slotIsFree = service.slot === undefined || service.slot.nodeId === nodeId;
  const begun = step && service.steps.get(step.stepId);
  const begins = begun === undefined || (begun.restart ?? 0) < (step?.restart ?? 0);
  if (!isPrevious || (withSlot && !slotIsFree) || !begins) return false;
  service.leases.set(nodeId, lease);
  if (withSlot) service.slot = { service: lease.service, nodeId, holder };
  if (step !== undefined) service.steps.set(step.stepId, step);
  return true;
}

export function passStep(service: Kept | undefined, { previous, lease, goal, step }: StepPass): boolean {
  if (service?.wish.planId !== step.planId || !isNext(service, goal)) return false;
  if (
    !take(service, {
      lease: { ...lease, released: true },
      previous: { ...previous, released: true },
      withSlot: false,
      step,
    })
  )
    return false;
  service.goals.set(goal.nodeId, { ...goal, revision: (goal.revision ?? 0) + 1 });
  return true;
}

export function finishNode(service: Kept | undefined, finish: NodeFinish): boolean {
  const { lease, goal, step, try: ofTry } = finish;
  if (service === undefined) return false;
  const stored = service.leases.get(lease.nodeId);
  if (!holds(service, lease)) {
    return stored?.holder === lease.holder && stored.number === lease.number && stored.released;
  }
  if (goal !== undefined && !isNext(service, goal)) return false;
  if (ofTry !== undefined && hasLaterTry(service, { ...lease, try: ofTry })) return false;
  service.leases.set(lease.nodeId, { ...lease, released: true });
  service.waits.delete(waitKey(lease.nodeId, lease.holder));
  if (goal !== undefined) service.goals.set(goal.nodeId, { ...goal, revision: (goal.revision ?? 0) + 1 });
  if (step !== undefined) service.steps.set(step.stepId, step);
  if (service.slot?.nodeId === lease.nodeId) delete service.slot;
  return true;
}

export function forget(service: Kept, { plans, runs, steps, steering, seen }: OutdatedRecords): void {
  for (const { id } of plans) service.plans.delete(id);
  for (const { planId } of runs) service.runs.delete(planId);
  for (const { stepId } of steps) service.steps.delete(stepId);
  for (const { planId } of steering) service.steering.delete(planId);
  for (const { taskArn } of seen) service.seen.delete(taskArn);
}

/** Whether a state that came later waits: the machine of the given one has gone on. */
export function hasLaterTry(service: Kept | undefined, { nodeId, holder, try: asked }: WaitIdentity): boolean {
  const stored = service?.waits.get(waitKey(nodeId, holder))?.try;
  return stored !== undefined && asked !== undefined && stored > asked;
}

export function holds(service: Kept, lease: NodeLease): boolean {
  const stored = service.leases.get(lease.nodeId);
  return stored !== undefined && !stored.released && stored.holder === lease.holder && stored.number === lease.number;
}

/** Whether the goal is based on what is stored. */
export function isNext(service: Kept, goal: NodeGoal): boolean {
  return service.goals.get(goal.nodeId)?.revision === goal.revision;
}

export function waitKey(nodeId: number, holder: string): string {
  return `${nodeId} ${holder}`;
}

export function stateOf(service: Kept | undefined): ServiceState | undefined {
  if (service === undefined) return undefined;
  const { slot, emptyZones, ownReplacements, controllerHosts, quorumFormed, refusedUpdate, witness } = service;
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
    hostsSeen: [...service.hostsSeen.values()],
    fences: [...service.fences.values()],
    ...(witness === undefined ? {} : { witness }),
    lastWords: [...service.lastWords.values()],
    nodeWishes: [...service.nodeWishes.values()],
    steering: [...service.steering.values()],
    ...(refusedUpdate === undefined ? {} : { refusedUpdate }),
    ...(slot === undefined ? {} : { slot }),
    ...(emptyZones === undefined ? {} : { emptyZones }),
    ...(ownReplacements === undefined ? {} : { ownReplacements }),
    ...(controllerHosts === undefined ? {} : { controllerHosts }),
    ...(quorumFormed === undefined ? {} : { quorumFormed }),
  });
}

/** What is stored and what is answered never share an object. */
export function copy<Type>(value: Type): Type {
  return structuredClone(value);
}
