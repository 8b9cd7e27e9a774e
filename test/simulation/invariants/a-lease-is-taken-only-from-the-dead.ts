import type { Watch } from './invariant.ts';
import { keyOf, type WrittenItem, writtenBy } from './written-items.ts';

/** As long as a function may run: after the end of its execution it may still be at work. */
const actingMs = 15_000;
/** How far the clocks of two functions are apart at most. */
const skewMs = 1_000;

/** Whoever holds a node's lease acts on it; two would. */
export const aLeaseIsTakenOnlyFromTheDead: Watch = ({ onServed, stepFunctions, clock, aws }) => {
  const leases = new Map<string, WrittenItem>();
  let restores = 0;
  const broken: string[] = [];
  onServed((call) => {
    // What was written since an older copy of the table is gone.
    if (aws.restores() > restores) leases.clear();
    restores = aws.restores();
    const { put, deleted } = writtenBy(call);
    for (const key of deleted.map(keyOf)) leases.delete(key);
    for (const item of put.filter(({ sk }) => String(sk).startsWith('LEASE#'))) {
      const before = leases.get(keyOf(item));
      leases.set(keyOf(item), item);
      if (before === undefined || before['holder'] === item['holder']) continue;
      if (Number(item['number']) <= Number(before['number'])) {
        broken.push(
          `${keyOf(item)} of number ${String(before['number'])} was taken as number ${String(item['number'])}`,
        );
      }
      if (before['released'] === true) continue;
      const holder = stepFunctions.executions().find(({ arn }) => arn === before['holder']);
      const endedAt = holder?.stoppedAt ?? Number.POSITIVE_INFINITY;
      if (holder !== undefined && clock.now() - endedAt < actingMs - skewMs) {
        broken.push(
          `${keyOf(item)} was taken from ${holder.name}, which is ${holder.status}, by ${String(item['holder'])}`,
        );
      }
    }
  });
  return { rule: 'a lease is taken over only from an execution that has ended', afterStep: () => broken[0] };
};
