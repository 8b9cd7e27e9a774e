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
export const storedVersionsNeverGoBack: Watch = ({ onServed }) => {
  const highest = new Map<string, number>();
  const broken: string[] = [];
  onServed((call) => {
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
