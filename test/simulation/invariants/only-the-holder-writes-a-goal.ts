import type { Watch } from './invariant.ts';
import { keyOf, type WrittenItem, writtenBy } from './written-items.ts';

interface GoalWrite {
  readonly put: readonly WrittenItem[];
  readonly goal: WrittenItem;
  readonly holder: string | undefined;
}

/** A run that passes a step: the write that stores the goal takes a lease that nobody held, and gives it back. */
function isTakenAndGivenBack(before: WrittenItem | undefined, { put, goal, holder }: GoalWrite): boolean {
  const lease = put.find((item) => keyOf(item) === keyOf(goal).replace('GOAL#', 'LEASE#'));
  if (lease === undefined || before?.['released'] !== true || lease['released'] !== true) return false;
  return lease['holder'] === holder && Number(lease['number']) === Number(before['number']) + 1;
}

/** A step that no longer holds the node's lease may still be at work: what it writes would undo its successor's. */
export const onlyTheHolderWritesAGoal: Watch = ({ onServed }) => {
  const leases = new Map<string, WrittenItem>();
  const broken: string[] = [];
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    const { holder }: { holder?: string } = Object(call.invocation.event);
    for (const goal of put.filter(({ sk }) => String(sk).startsWith('GOAL#'))) {
      const lease = leases.get(keyOf(goal).replace('GOAL#', 'LEASE#'));
      if (lease?.['holder'] === holder && lease?.['released'] === false) continue;
      if (isTakenAndGivenBack(lease, { put, goal, holder })) continue;
      const of = lease === undefined ? 'nobody' : `${String(lease['holder'])}, released: ${String(lease['released'])}`;
      broken.push(`${keyOf(goal)} was written by ${holder}, its lease is of ${of}`);
    }
    for (const key of deleted.map(keyOf)) leases.delete(key);
    for (const item of put.filter(({ sk }) => String(sk).startsWith('LEASE#'))) leases.set(keyOf(item), item);
  });
  return { rule: 'only the holder of its lease writes what a node is brought to', afterStep: () => broken[0] };
};
