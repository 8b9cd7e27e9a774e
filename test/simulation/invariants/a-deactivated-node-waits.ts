import { type NodeWishItem, nodeWishes, type PlacedItem, triesAreUsedUp } from '../run/node-words.ts';
import type { Watch } from './invariant.ts';
import { keyOf, writtenBy } from './written-items.ts';

interface GoalItem extends PlacedItem {
  readonly service: string;
  readonly nodeId: number;
  readonly configId?: string;
  readonly launch?: { readonly attempt: number; readonly configId: string; readonly restartsAnswered?: number };
}

/** A node that has failed more often than its config allows stays down: an operator may try it again, or give it another config. */
export const aDeactivatedNodeWaits: Watch = ({ onServed, aws }) => {
  const goals = new Map<string, GoalItem>();
  const broken: string[] = [];

  const judge = (before: GoalItem, goal: GoalItem): void => {
    if (!triesAreUsedUp(before)) return;
    const { service, nodeId, failures, launch, replaced = 0 } = goal;
    const wish = nodeWishes({ aws }, service).find((candidate) => candidate.nodeId === nodeId);
    if (launch?.attempt === before.launch?.attempt && failures?.count === before.failures?.count) return;
    // Another disk or host is a new beginning, and somebody has decided on it.
    if (replaced > (before.replaced ?? 0) || isAllowed(before, goal, wish)) return;
    const { count, tries } = before.failures ?? {};
    broken.push(`node ${nodeId} of ${service} went on after ${count} failures of ${tries} that have another try`);
  };

  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    for (const item of deleted) goals.delete(keyOf(item));
    for (const item of put.filter(({ sk }) => String(sk).startsWith('GOAL#'))) {
      const goal: object = item;
      const before = goals.get(keyOf(item));
      goals.set(keyOf(item), goal as GoalItem);
      if (before !== undefined) judge(before, goal as GoalItem);
    }
  });
  return { rule: 'I22: a node that has used up its tries waits for an operator', afterStep: () => broken[0] };
};

/** By a word about its failures, by a restart, by a replacement that was taken back after it had begun, or with another config. */
function isAllowed(before: GoalItem, { launch, replaced = 0 }: GoalItem, wish: NodeWishItem | undefined): boolean {
  const isForgiven = (wish?.reactivation?.attempt ?? -1) >= (before.failures?.lastAttempt ?? 0);
  const isAsked = (launch?.restartsAnswered ?? 0) > (before.launch?.restartsAnswered ?? 0);
  const isMoved = wish?.replace?.cancelled === true && wish.replace.times > replaced;
  return isForgiven || isAsked || isMoved || (launch !== undefined && launch.configId !== before.configId);
}
