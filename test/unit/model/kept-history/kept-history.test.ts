import { expect, test } from '@jest/globals';
import { keptHistory } from '../../../../lib/model/kept-history.ts';
import type { Operation } from '../../../../lib/model/operation.ts';
import { service } from '../plan-status/a-service.ts';

const refused = (id: string, size: number): Operation => ({
  ...{ id, service: 'kafka', kind: 'refused update', requestedBy: 'ann', requestedAt: 5 },
  errors: ['x'.repeat(size)],
});

test('a history is kept with its outcomes', () => {
  expect(keptHistory([refused('2', 1), refused('1', 2)], service())).toEqual([
    { ...refused('2', 1), outcome: { type: 'refused', endedAt: 5 } },
    { ...refused('1', 2), outcome: { type: 'refused', endedAt: 5 } },
  ]);
});

test('of a history that a tombstone has no room for the newest operations are kept, without a gap', () => {
  const all = [refused('4', 40_000), refused('3', 40_000), refused('2', 40_000), refused('1', 1)];
  expect(keptHistory(all, service()).map(({ id }) => id)).toEqual(['4', '3']);
});
