import { type HistoryPage, historyPage } from '../model/history-page.ts';
import type { NodeWish, OwnReplacements } from '../model/node-wish.ts';
import type { Operation } from '../model/operation.ts';
import type { OutdatedRecords } from '../model/outdated-records.ts';
import type { PlanSteering } from '../model/plan/steering.ts';
import type { Proposal, RefusedUpdate, ServiceWish } from '../model/state.ts';
import type { HistoryPart, PlanAcceptance, Store } from '../ports/store.ts';
import { fromItem } from './service-state.ts';
import {
  configKey,
  nodeWishKey,
  operationKey,
  ownReplacementsKey,
  planKey,
  proposalKey,
  refusedUpdateKey,
  runKey,
  seenKey,
  steeringKey,
  stepKey,
  targetKey,
  wishKey,
} from './store-keys.ts';
import { lives, planIs, put, wrote } from './store-writes.ts';
import { absent, type Condition, type Table, type Write } from './table.ts';

const proposalDays = 7;
const msPerDay = 86_400_000;
/** A transaction takes 100 writes; one is the check. */
const mostForgotten = 99;

/** The writes of the port Store about what people ask of a service; each stands in its history. */
export function changesOf(
  table: Table,
): Pick<
  Store,
  | 'acceptPlan'
  | 'steer'
  | 'wishForNode'
  | 'refuseUpdate'
  | 'forgetRefusedUpdate'
  | 'putProposal'
  | 'readProposal'
  | 'listOperations'
  | 'forgetRecords'
> {
  return {
    acceptPlan: (acceptance) => wrote(table, ...acceptanceWrites(acceptance)),
    steer: ({ steering, operation }) => wrote(table, ...steeringWrites(steering), inHistory(operation)),
    wishForNode: ({ nodeWish, operation, own }) =>
      wrote(table, ...nodeWishWrites(nodeWish), ...ownReplacementWrites(own), inHistory(operation)),
    refuseUpdate: ({ refused, operation }) => wrote(table, ...refusalWrites(refused), inHistory(operation)),
    forgetRefusedUpdate: async (service) => {
      await table.write({ type: 'delete', key: refusedUpdateKey(service) });
    },
    putProposal: (proposal) => wrote(table, lives(proposal.service), proposalWrite(proposal)),
    readProposal: async (service, planId) => {
      const item = await table.get(proposalKey(service, planId));
      return item === undefined ? undefined : fromItem<Proposal>(item);
    },
    listOperations: (service, page) => listOperations(table, service, page),
    forgetRecords: (outdated, wish) => forgetRecords(table, outdated, wish),
  };
}

/** The line of an operation in the history of its service. */
export function inHistory(operation: Operation): Write {
  return put(operationKey(operation.service, operation), operation);
}

function acceptanceWrites({ plan, wish, previous, operation, update }: PlanAcceptance): readonly Write[] {
  const { service } = wish;
  const isPrevious = planIs(previous.planId);
  return [
    put(wishKey(service), wish, isPrevious),
    put(planKey(service, plan.id), plan, absent),
    { type: 'delete', key: refusedUpdateKey(service) },
    inHistory(operation),
    ...(update === undefined ? [] : updateWrites(update)),
  ];
}

function updateWrites({ target, config, previousConfigId }: NonNullable<PlanAcceptance['update']>): readonly Write[] {
  const isPrevious: Condition = { expression: 'configId = :config', values: { ':config': previousConfigId } };
  // A config never changes: an update that goes back to one writes the same once more.
  return [put(targetKey(target.service), target, isPrevious), put(configKey(target.service, config.id), config)];
}

function steeringWrites(steering: PlanSteering): readonly Write[] {
  const { service, planId, revision } = steering;
  const isWish = planIs(planId);
  return [
    { type: 'check', key: wishKey(service), condition: isWish },
    put(steeringKey(service, planId), steering, follows(revision)),
  ];
}

/** A service that goes away takes no wish for its nodes any more. */
function nodeWishWrites(nodeWish: NodeWish): readonly Write[] {
  const { service, nodeId, revision } = nodeWish;
  const stays: Condition = { expression: 'attribute_exists(pk) AND attribute_not_exists(uninstall)' };
  return [
    { type: 'check', key: wishKey(service), condition: stays },
    put(nodeWishKey(service, nodeId), nodeWish, follows(revision)),
  ];
}

function ownReplacementWrites(own: OwnReplacements | undefined): readonly Write[] {
  return own === undefined ? [] : [put(ownReplacementsKey(own.service), own, follows(own.revision))];
}

/** What is stored has the revision before this one; before the first one there is nothing. */
function follows(revision: number): Condition {
  return revision === 1 ? absent : { expression: 'revision = :revision', values: { ':revision': revision - 1 } };
}

function refusalWrites(refused: RefusedUpdate): readonly Write[] {
  return [lives(refused.service), put(refusedUpdateKey(refused.service), refused)];
}

function proposalWrite(proposal: Proposal): Write {
  const { service, plan } = proposal;
  const expiresAt = Math.floor((plan.createdAt + proposalDays * msPerDay) / 1000);
  return put(proposalKey(service, plan.id), { ...proposal, expiresAt });
}

/** In parts that a transaction takes. A part that is not written leaves the rest to the next time. */
async function forgetRecords(table: Table, outdated: OutdatedRecords, wish: ServiceWish): Promise<void> {
  const { service, planId } = wish;
  const isWish: Write = { type: 'check', key: wishKey(service), condition: planIs(planId) };
  const keys = [
    ...outdated.plans.map(({ id }) => planKey(service, id)),
    ...outdated.runs.map((run) => runKey(service, run.planId)),
    ...outdated.steps.map((step) => stepKey(service, step.planId, step.stepId)),
    ...outdated.steering.map((steering) => steeringKey(service, steering.planId)),
    ...outdated.seen.map(({ taskArn }) => seenKey(service, taskArn)),
  ];
  for (let from = 0; from < keys.length; from += mostForgotten) {
    const part = keys.slice(from, from + mostForgotten).map((key): Write => ({ type: 'delete', key }));
    if (!(await wrote(table, isWish, ...part))) return;
  }
}

async function listOperations(table: Table, service: string, { limit, before }: HistoryPage): Promise<HistoryPart> {
  const { pk, sk } = operationKey(service, { requestedAt: 0, id: '' });
  const prefix = sk.slice(0, sk.indexOf('#') + 1);
  const from = before === undefined ? {} : { before: `${prefix}${before}` };
  const items = await table.queryNewest({ pk, prefix, limit: limit + 1, ...from });
  return historyPage(
    items.map((item) => fromItem<Operation>(item)),
    limit,
  );
}
