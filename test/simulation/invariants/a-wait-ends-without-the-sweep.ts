import type { AwaitedToken } from '../cloud/step-functions.ts';
import { isPaused, type NodeWishItem, nodeWishes, placedItem, triesAreUsedUp } from '../run/node-words.ts';
import type { PlanItem } from '../run/plans.ts';
import { steeringOf } from '../run/plans.ts';
import type { World } from '../world.ts';
import { heldBy } from './decision-points.ts';
import type { Watch } from './invariant.ts';

type WaitItem = Readonly<Record<string, unknown>>;

const lookEveryMs = 2_000;
/** Event, handler, answer and the next look of the step take seconds; the sweep comes each five minutes. */
const longestMs = 45_000;

/**
 * Where every event comes, what has happened ends the wait for it: the token is written, then the state is looked at,
 * so that nothing falls between.
 */
export const aWaitEndsWithoutTheSweep: Watch = (world) => {
  const { clock, faults, stepFunctions } = world;
  /** Since when a state waits for what has happened already, by its token. */
  const overdue = new Map<string, number>();
  let lookedAt = 0;
  return {
    rule: 'a wait ends without the sweep once what it waits for has happened',
    afterStep() {
      if (!faults.eventsAreReliable || clock.now() - lookedAt < lookEveryMs) return undefined;
      lookedAt = clock.now();
      const awaited = stepFunctions.awaitedTokens();
      for (const token of overdue.keys()) if (!awaited.some((each) => each.token === token)) overdue.delete(token);
      for (const each of awaited) {
        const why = needlessWait(world, each);
        if (why === undefined) overdue.delete(each.token);
        else if (!overdue.has(each.token)) overdue.set(each.token, clock.now());
        const since = overdue.get(each.token) ?? clock.now();
        if (clock.now() - since > longestMs) return `${each.executionArn} waits in ${each.state} although ${why}`;
      }
      return undefined;
    },
  };
};

/** Why a state, whose function has returned, need not wait any more; undefined while it has to. */
function needlessWait({ aws, stepFunctions, clock }: World, { executionArn, token }: AwaitedToken): string | undefined {
  const items = aws.items();
  const isRunning = (arn: unknown) =>
    stepFunctions.executions().some((execution) => execution.arn === arn && execution.status === 'RUNNING');
  const wait = items.find((item) => String(item['sk']).startsWith('WAIT#') && item['token'] === token);
  if (wait === undefined) return 'its token is stored nowhere, so that nobody can answer it';
  switch (wait['awaits']) {
    case 'task running':
    case 'task stopped': {
      const task = aws.tasks().find(({ taskArn }) => taskArn === wait['taskArn']);
      const isOver =
        task?.lastStatus === 'STOPPED' || (wait['awaits'] === 'task running' && task?.lastStatus === 'RUNNING');
      return isOver ? `${String(wait['taskArn'])} is ${task?.lastStatus}` : undefined;
    }
    case 'resume':
      return isPausedStill(items, wait, clock.now()) ? undefined : 'the pause is over';
    case 'turn': {
      const { type } = Object(wait['reason']);
      if (type === 'paused' && isPausedStill(items, wait, clock.now())) return undefined;
      if (type === 'deactivated' && isGivenUp({ aws }, wait)) return undefined;
      if (operatorHoldsIt({ aws }, executionArn) || !isQuorumFormed(items, wait)) return undefined;
      if (waitsForControllers({ aws }, wait, executionArn)) return undefined;
      const others = items.filter(
        (item) =>
          item['pk'] === wait['pk'] &&
          String(item['sk']).startsWith('LEASE#') &&
          item['holder'] !== executionArn &&
          // A machine that lost the line to its last function learns of the end, and ends, when it asks again.
          (item['released'] === false || isRunning(item['holder'])),
      );
      return others.length === 0 ? 'nobody holds any node of its service' : undefined;
    }
    default:
      return undefined;
  }
}

function isPausedStill(items: ReturnType<World['aws']['items']>, wait: WaitItem, now: number): boolean {
  const found: object | undefined = items.find(
    ({ pk, sk }) => pk === wait['pk'] && sk === `NODE-WISH#${String(wait['nodeId'])}`,
  );
  return found !== undefined && isPaused(found as NodeWishItem, now);
}

/** Its tries with the target's config are used up, and no operator has said a word since. */
function isGivenUp({ aws }: Pick<World, 'aws'>, wait: WaitItem): boolean {
  const node = { service: String(wait['service']), nodeId: Number(wait['nodeId']) };
  const { failures, configId } = placedItem({ aws }, node);
  const target = aws.items().find(({ pk, sk }) => pk === wait['pk'] && sk === 'TARGET');
  if (failures === undefined || target?.['configId'] !== configId) return false;
  const { reactivation } = nodeWishes({ aws }, node.service).find(({ nodeId }) => nodeId === node.nodeId) ?? {};
  const isForgiven = reactivation !== undefined && reactivation.attempt >= failures.lastAttempt;
  return triesAreUsedUp({ failures }) && !isForgiven;
}

/** Whether the step that the execution works for may not begin before an operator's word. */
function operatorHoldsIt({ aws }: Pick<World, 'aws'>, executionArn: string): boolean {
  const [, planId] = /:([0-9a-f-]{36})-\d+-[a-z]+-\d+$/.exec(executionArn) ?? [];
  const found: object | undefined = aws.items().find(({ sk }) => sk === `PLAN#${planId}`);
  const plan = found as PlanItem | undefined;
  const pod = /([a-z]+-\d+)$/.exec(executionArn)?.[1];
  const step = plan?.phases.flatMap(({ steps }) => steps).find(({ name }) => name.startsWith(`${pod}:`));
  return plan !== undefined && step !== undefined && heldBy(plan, steeringOf({ aws }, plan), step.id) !== undefined;
}

/**
 * Whether it is the recovery of a broker, or its step of a resume, which come after most controllers run, whoever brings
 * those back: a plan whose run was ended is left to the sweep.
 */
function waitsForControllers({ aws }: Pick<World, 'aws'>, wait: WaitItem, executionArn: string): boolean {
  const found: object | undefined = aws.items().find(({ pk, sk }) => pk === wait['pk'] && sk === 'TARGET');
  const { controllerIds } = found as { readonly controllerIds: readonly number[] };
  const isRecovery = executionArn.includes(`:${String(wait['service'])}-`);
  if (!(isRecovery || isOfResume({ aws }, executionArn)) || controllerIds.includes(Number(wait['nodeId'])))
    return false;
  const running = controllerIds.filter((id) =>
    aws
      .tasks()
      .some(
        ({ startedBy = '', lastStatus }) =>
          lastStatus === 'RUNNING' && startedBy.startsWith(`warden/${String(wait['service'])}/${id}/node/`),
      ),
  );
  return running.length <= controllerIds.length / 2;
}

function isOfResume({ aws }: Pick<World, 'aws'>, executionArn: string): boolean {
  const [, planId] = /:([0-9a-f-]{36})-\d+-[a-z]+-\d+$/.exec(executionArn) ?? [];
  return aws.items().some(({ sk, kind }) => sk === `PLAN#${planId}` && kind === 'resume');
}

/** Before, everybody waits for the controller that forms it. */
function isQuorumFormed(items: ReturnType<World['aws']['items']>, wait: WaitItem): boolean {
  return items.some(({ pk, sk }) => pk === wait['pk'] && sk === 'QUORUM');
}
