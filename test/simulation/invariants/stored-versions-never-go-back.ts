import type { Watch } from './invariant.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** The member of each kind of record that only rises while the record lives. */
const rising: readonly (readonly [string, string])[] = [
  ['SEEN#', 'version'],
  ['LEASE#', 'number'],
  ['GOAL#', 'revision'],
  ['GOAL#', 'attempt'],
  ['RUN#', 'run'],
];

/** What came late must not overwrite what came after it. */
export const storedVersionsNeverGoBack: Watch = ({ onServed, aws }) => {
  const highest = new Map<string, number>();
  let restores = 0;
  const broken: string[] = [];
  onServed((call) => {
    // An older copy of the table counts from its own numbers.
    if (aws.restores() > restores) highest.clear();
    restores = aws.restores();
    const { put, deleted } = writtenBy(call);
    for (const key of deleted.map(keyOf)) for (const [, member] of rising) highest.delete(`${key} ${member}`);
    for (const item of put) {
      for (const [prefix, member] of rising) {
        if (!String(item['sk']).startsWith(prefix)) continue;
        const name = `${keyOf(item)} ${member}`;
        const value = Number(item[member]);
        const before = highest.get(name);
        if (before !== undefined && value < before) broken.push(`${name} went from ${before} to ${value}`);
        highest.set(name, value);
      }
    }
  });
  return {
    rule: 'I7: what is stored never goes back to an older version',
    afterStep: () => broken[0],
  };
};
