import type { EmptyZones, GoneHost, HostFence, HostSeen, KafkaWitness } from '../model/hosts/records.ts';
import type { NodeWish, OwnReplacements } from '../model/node-wish.ts';
import type { Plan, PlanRun, StepProgress } from '../model/plan/plan.ts';
import type { PlanSteering } from '../model/plan/steering.ts';
import type {
  ControllerHosts,
  DownSlot,
  LastWords,
  NodeGoal,
  NodeLease,
  NodeWait,
  QuorumFormed,
  RefusedUpdate,
  ServiceState,
  ServiceTarget,
  ServiceWish,
  StopVerdict,
  TaskSeen,
} from '../model/state.ts';
import type { Item } from './table.ts';

/**
 * The items of a service's partition as its state. What was written from a type is read as that type: the table has no
 * other writer. Undefined without target and wish: the service is not (or no longer) there.
 */
export function serviceState(items: readonly Item[]): ServiceState | undefined {
  const [target] = read<ServiceTarget>(items, 'TARGET');
  const [wish] = read<ServiceWish>(items, 'WISH');
  if (target === undefined || wish === undefined) return undefined;
  const [slot] = read<DownSlot>(items, 'SLOT');
  const [refusedUpdate] = read<RefusedUpdate>(items, 'REFUSED-UPDATE');
  const [controllerHosts] = read<ControllerHosts>(items, 'CONTROLLERS');
  const [witness] = read<KafkaWitness>(items, 'WITNESS');
  const [emptyZones] = read<EmptyZones>(items, 'EMPTY-ZONES');
  const [ownReplacements] = read<OwnReplacements>(items, 'OWN-REPLACEMENTS');
  const [quorumFormed] = read<QuorumFormed>(items, 'QUORUM');
  return {
    target,
    wish,
    plans: read<Plan>(items, 'PLAN#').sort((left, right) => left.createdAt - right.createdAt),
    runs: read<PlanRun>(items, 'RUN#'),
    steps: read<StepProgress>(items, 'STEP#'),
    goals: read<NodeGoal>(items, 'GOAL#').sort((left, right) => left.nodeId - right.nodeId),
    nodeWishes: read<NodeWish>(items, 'NODE-WISH#'),
    seen: read<TaskSeen>(items, 'SEEN#'),
    leases: read<NodeLease>(items, 'LEASE#'),
    verdicts: read<StopVerdict>(items, 'VERDICT#'),
    waits: read<NodeWait>(items, 'WAIT#'),
    goneHosts: read<GoneHost>(items, 'GONE-HOST#'),
    hostsSeen: read<HostSeen>(items, 'HOST#'),
    fences: read<HostFence>(items, 'FENCE#'),
    lastWords: read<LastWords>(items, 'LAST-WORDS#'),
    steering: read<PlanSteering>(items, 'STEERING#'),
    ...(refusedUpdate === undefined ? {} : { refusedUpdate }),
    ...(witness === undefined ? {} : { witness }),
    ...(emptyZones === undefined ? {} : { emptyZones }),
    ...(ownReplacements === undefined ? {} : { ownReplacements }),
    ...(slot === undefined ? {} : { slot }),
    ...(controllerHosts === undefined ? {} : { controllerHosts }),
    ...(quorumFormed === undefined ? {} : { quorumFormed }),
  };
}

/** An item without its key, as the type that it was written from. */
export function fromItem<Type>(item: Item): Type {
  const { pk: _pk, sk: _sk, expiresAt: _expiresAt, ...fields } = item;
  return fields as Type;
}

function read<Type>(items: readonly Item[], sortKey: string): Type[] {
  const isMatch = (sk: string) => (sortKey.endsWith('#') ? sk.startsWith(sortKey) : sk === sortKey);
  return items.filter((item) => isMatch(String(item['sk']))).map((item) => fromItem<Type>(item));
}
