import type { HostPromise } from '../model/placement/host-promise.ts';
import type { StepProgress } from '../model/plan/plan.ts';
import type { DownSlot, NodeGoal, NodeLease } from '../model/state.ts';
import type { LeaseTaking, NodeFinish, StepPass, Store } from '../ports/store.ts';
import {
  controllerHostsKey,
  goalKey,
  hostPromiseKey,
  hostPromisesKey,
  leaseKey,
  slotKey,
  stepKey,
  wishKey,
} from './store-keys.ts';
import { deleteWait } from './store-waits.ts';
import { lives, livesSince, planIs, put, wrote } from './store-writes.ts';
import { absent, type Condition, type Table, type Write } from './table.ts';

type NodeWrites =
  | 'takeLease'
  | 'putGoal'
  | 'finishNode'
  | 'passStep'
  | 'freeSlot'
  | 'placeNode'
  | 'promiseRoom'
  | 'placeControllers';

/** The writes of the port Store about who works on a node, and what of its host is kept for it. */
export function nodesOf(table: Table): Pick<Store, NodeWrites> {
  return {
    takeLease: (taking) => takeLease(table, taking),
    putGoal: (goal, lease) => wrote(table, isHeld(lease), putNextGoal(goal)),
    finishNode: (finish) => finishNode(table, finish),
    passStep: (pass) => passStep(table, pass),
    freeSlot: async ({ service, holder }) => {
      const isThis: Condition = { expression: 'holder = :holder', values: { ':holder': holder } };
      await table.write({ type: 'delete', key: slotKey(service), condition: isThis });
    },
    placeNode: ({ goal, lease, promise, version }) =>
      wrote(table, isHeld(lease), putNextGoal(goal), ...makePromises([promise], version)),
    promiseRoom: ({ planId, promise, version }) =>
      wrote(
        table,
        { type: 'check', key: wishKey(promise.service), condition: planIs(planId) },
        ...makePromises([promise], version),
      ),
    placeControllers: ({ hosts, planId, promises, version }) =>
      wrote(
        table,
        { type: 'check', key: wishKey(hosts.service), condition: planIs(planId) },
        put(controllerHostsKey(hosts.service), hosts, absent),
        ...makePromises(promises, version),
      ),
  };
}

function takeLease(table: Table, taking: LeaseTaking): Promise<boolean> {
  const { lease, previous, withSlot, step, serviceCreatedAt } = taking;
  const { service, nodeId, holder } = lease;
  const slot: DownSlot = { service, nodeId, holder };
  const slotIsFree: Condition = {
    expression: 'attribute_not_exists(pk) OR nodeId = :node',
    values: { ':node': nodeId },
  };
  return wrote(
    table,
    serviceCreatedAt === undefined ? lives(service) : livesSince(service, serviceCreatedAt),
    put(leaseKey(service, nodeId), lease, previous === undefined ? absent : leaseWas(previous)),
    ...(withSlot ? [put(slotKey(service), slot, slotIsFree)] : []),
    ...(step === undefined ? [] : [put(stepKey(service, step.planId, step.stepId), step, beginsWith(step))]),
  );
}

/** It never began, or an operator has had it done again since. */
function beginsWith({ restart = 0 }: StepProgress): Condition {
  return {
    expression:
      'attribute_not_exists(pk) OR (attribute_not_exists(#restart) AND :restart > :none) OR #restart < :restart',
    names: { '#restart': 'restart' },
    values: { ':restart': restart, ':none': 0 },
  };
}

async function finishNode(table: Table, { lease, goal, step, try: ofTry }: NodeFinish): Promise<boolean> {
  const { service, nodeId, holder } = lease;
  // Only the lease's holder could have taken the slot for this node, so what is read here cannot change to ours.
  const slot = await table.get(slotKey(service));
  const nodeIs: Condition = { expression: 'nodeId = :node', values: { ':node': nodeId } };
  const finished = await wrote(
    table,
    put(leaseKey(service, nodeId), { ...lease, released: true }, leaseIs(lease)),
    deleteWait({ service, nodeId, holder, ...(ofTry === undefined ? {} : { try: ofTry }) }),
    ...(goal === undefined ? [] : [putNextGoal(goal)]),
    ...(step === undefined ? [] : [put(stepKey(service, step.planId, step.stepId), step)]),
    ...(slot?.['nodeId'] === nodeId ? [{ type: 'delete' as const, key: slotKey(service), condition: nodeIs }] : []),
  );
  if (finished) return true;
  const stored = await table.get(leaseKey(service, nodeId));
  return stored?.['holder'] === holder && stored['number'] === lease.number && stored['released'] === true;
}

function passStep(table: Table, { previous, lease, goal, step }: StepPass): Promise<boolean> {
  const { service, nodeId } = lease;
  return wrote(
    table,
    { type: 'check', key: wishKey(service), condition: planIs(step.planId) },
    put(leaseKey(service, nodeId), { ...lease, released: true }, leaseWas({ ...previous, released: true })),
    putNextGoal(goal),
    put(stepKey(service, step.planId, step.stepId), step, beginsWith(step)),
  );
}

/** Promises that are made by what was read: whoever comes second reads again. */
function makePromises(promises: readonly HostPromise[], version: number): readonly Write[] {
  const isStill: Condition =
    version === 0
      ? absent
      : { expression: '#version = :version', names: { '#version': 'version' }, values: { ':version': version } };
  return [
    put(hostPromisesKey, { version: version + 1 }, isStill),
    ...promises.map((promise) => put(hostPromiseKey(promise.service, promise.nodeId), promise)),
  ];
}

/** The goal under its next revision, if what it was made from still is stored. */
function putNextGoal(goal: NodeGoal): Write {
  const { revision } = goal;
  const isStored: Condition =
    revision === undefined
      ? { expression: 'attribute_not_exists(revision)' }
      : { expression: 'revision = :revision', values: { ':revision': revision } };
  return put(goalKey(goal.service, goal.nodeId), { ...goal, revision: (revision ?? 0) + 1 }, isStored);
}

function leaseWas(lease: NodeLease): Condition {
  return {
    expression: 'holder = :holder AND #number = :number AND released = :released',
    names: { '#number': 'number' },
    values: { ':holder': lease.holder, ':number': lease.number, ':released': lease.released },
  };
}

function isHeld(lease: NodeLease): Write {
  return { type: 'check', key: leaseKey(lease.service, lease.nodeId), condition: leaseIs(lease) };
}

function leaseIs(lease: NodeLease): Condition {
  return leaseWas({ ...lease, released: false });
}
