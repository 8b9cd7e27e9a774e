import { expect, test } from '@jest/globals';
import type { NodeLease } from '../../../lib/model/state.ts';
import { holdersThatMayAct } from '../../../lib/operations/lease-holders.ts';
import type { ExecutionStatus, PlanRunner } from '../../../lib/ports/plan-runner.ts';

const lease: NodeLease = {
  ...{ service: 'kafka', nodeId: 0, holder: 'arn:execution', kind: 'plan', number: 1, released: false },
};
const endedAt = 1_800_000_000_000;

/** Whether a holder of that status may act, so long after the end of its execution. */
const holdersAfter = async (status: ExecutionStatus, afterMs: number) => {
  const planRunner = { status: async () => status } as Partial<PlanRunner> as PlanRunner;
  return (await holdersThatMayAct({ planRunner, clock: () => endedAt + afterMs }, [lease])).type;
};

test('an execution that runs may act', async () => {
  expect(await holdersAfter({ type: 'running' }, 0)).toBe('live');
});

test('the last function of one that has ended may act for fifteen seconds', async () => {
  const ended = { type: 'ended', succeeded: false, endedAt } as const;
  expect(await holdersAfter(ended, 0)).toBe('ending');
  expect(await holdersAfter(ended, 14_999)).toBe('ending');
  expect(await holdersAfter(ended, 15_000)).toBe('none');
});

test('one that nobody knows any more may not', async () => {
  expect(await holdersAfter({ type: 'unknown' }, 0)).toBe('none');
});
