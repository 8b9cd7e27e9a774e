import type { PlanItem, SteeringItem } from '../run/plans.ts';
import type { World } from '../world.ts';
import { type WrittenItem, writtenBy } from './written-items.ts';

/** What was in force from a time on. */
export interface Since<Value> {
  readonly at: number;
  readonly value: Value;
}

interface StepBegun {
  readonly endedAt?: number;
  readonly restart?: number;
}

/** The items of a service's life that say what its nodes are brought to, as they were written. */
export interface StoredService {
  readonly plans: Map<string, PlanItem>;
  /** Of each plan, oldest first. */
  readonly steering: Map<string, Since<SteeringItem>[]>;
  /** By step id. */
  readonly steps: Map<string, StepBegun>;
  readonly targets: Since<TargetItem>[];
  readonly configs: Map<string, ConfigItem>;
  /** What each task of a node was launched with, by its ARN. */
  readonly launches: Map<string, LaunchItem>;
}

export interface TargetItem {
  readonly clusterId: string;
  readonly configId: string;
  readonly brokerIds: readonly number[];
  readonly controllerIds: readonly number[];
}

export interface ConfigItem {
  readonly id: string;
  readonly options: {
    readonly service: Readonly<Record<string, unknown>>;
    readonly brokers: NodeSection;
    readonly controllers: NodeSection & { readonly mode: string };
    readonly kafka: Readonly<Record<string, string | number | boolean>>;
  };
}

interface NodeSection {
  readonly count: number;
  readonly cpus: number;
  readonly mem: number;
  readonly heap: { readonly size: number };
  readonly failover_delay: string;
  readonly failover_max_delay: string;
  readonly failover_max_tries?: number;
}

export interface LaunchItem {
  readonly nodeId: number;
  readonly configId: string;
  readonly restart?: string;
}

/** Follows what is written of all services; each rule has its own, fed before the rule looks at a call. */
export function storedPlans({ clock }: Pick<World, 'clock'>) {
  const services = new Map<string, StoredService>();
  const of = (name: string): StoredService => {
    const known = services.get(name) ?? emptyService();
    services.set(name, known);
    return known;
  };
  return {
    of,
    /** Takes up what a served call has written. */
    follow(call: Parameters<typeof writtenBy>[0]): void {
      const { put, deleted } = writtenBy(call);
      // The target goes last: whatever comes is of another life.
      for (const { pk, sk } of deleted) if (sk === 'TARGET') services.delete(serviceOf(String(pk)));
      for (const item of put) take(of(serviceOf(String(item['pk']))), item, clock.now());
    },
  };
}

function emptyService(): StoredService {
  return {
    ...{ plans: new Map(), steering: new Map(), steps: new Map() },
    ...{ targets: [], configs: new Map(), launches: new Map() },
  };
}

function serviceOf(pk: string): string {
  return /^(?:SERVICE|CONFIG)#(.+)$/.exec(pk)?.[1] ?? '';
}

function take(service: StoredService, item: WrittenItem, at: number): void {
  const [pk, sk] = [String(item['pk']), String(item['sk'])];
  const object: object = item;
  if (pk.startsWith('CONFIG#')) service.configs.set(sk, object as ConfigItem);
  if (sk === 'TARGET') service.targets.push({ at, value: object as TargetItem });
  if (sk.startsWith('PLAN#')) service.plans.set(sk.slice('PLAN#'.length), object as PlanItem);
  if (sk.startsWith('STEP#')) service.steps.set(String(item['stepId']), object as StepBegun);
  if (sk.startsWith('STEERING#')) {
    const planId = sk.slice('STEERING#'.length);
    const versions = service.steering.get(planId) ?? [];
    service.steering.set(planId, [...versions, { at, value: object as SteeringItem }]);
  }
  if (!sk.startsWith('GOAL#')) return;
  const { taskArn, configId, restart }: { taskArn?: string; configId?: string; restart?: string } = Object(
    item['launch'],
  );
  if (taskArn === undefined || configId === undefined) return;
  const launch = { nodeId: Number(item['nodeId']), configId, ...(restart === undefined ? {} : { restart }) };
  service.launches.set(taskArn, launch);
}

/** The values that were in force at some time since then, oldest first. */
export function inForceSince<Value>(versions: readonly Since<Value>[], from: number): readonly Value[] {
  const older = versions.filter(({ at }) => at <= from).slice(-1);
  return [...older, ...versions.filter(({ at }) => at > from)].map(({ value }) => value);
}

/** Which node a call acts on for a plan; undefined for any other call. */
export function planWorkOf({ event }: { readonly event: unknown }) {
  const { kind, service, nodeId, planId, stepId }: Partial<PlanWork & { kind: string }> = Object(event);
  if (kind !== 'plan' || service === undefined || nodeId === undefined) return undefined;
  return { service, nodeId, planId: planId ?? '', stepId: stepId ?? '' };
}

/** The same of a node's step for a plan or for an operator who wants it down. */
export function nodeWorkOf({ event }: { readonly event: unknown }) {
  const { kind = '', service, nodeId }: Partial<PlanWork & { kind: string }> = Object(event);
  if (!['plan', 'restart', 'pause'].includes(kind) || service === undefined || nodeId === undefined) return undefined;
  return { service, nodeId };
}

interface PlanWork {
  readonly service: string;
  readonly nodeId: number;
  readonly planId: string;
  readonly stepId: string;
}
