import { describe, expect, test } from '@jest/globals';
import { healthStatus } from '../../../../lib/contract/health-status.ts';
import { serviceHealth } from '../../../../lib/model/health/service-health.ts';
import type { StepProgress } from '../../../../lib/model/plan/plan.ts';
import type { NodeLease, NodeWait, ServiceState } from '../../../../lib/model/state.ts';
import type { WaitingReason } from '../../../../lib/model/waiting-reason.ts';
import { goal, installPlan, launched, placed, service, task } from '../plan-status/a-service.ts';

const ended = (stepId: string): StepProgress => ({ planId: installPlan.id, stepId, startedAt: 1, endedAt: 2 });
const begun = (stepId: string): StepProgress => ({ planId: installPlan.id, stepId, startedAt: 1 });
const allEnded = ['s-1000', 's-0', 's-1'].map(ended);
const recovery: NodeLease = {
  ...{ service: 'kafka', nodeId: 1, holder: 'arn:x:recover-1', kind: 'recovery', number: 2, released: false },
};
const waiting = (nodeId: number, holder: string, reason: WaitingReason): NodeWait => ({
  ...{ service: 'kafka', nodeId, holder, reason, since: 5 },
});
const delay: WaitingReason = { type: 'failover delay', seconds: 30, attempt: 3, stoppedReason: 'exit code 1' };
const planHolder = `arn:x:${installPlan.id}-1-kafka-0`;

const healthOf = (changes: Partial<ServiceState>, verbose = false) =>
  serviceHealth(service(changes), { now: 0, verbose });

describe('the health of a service', () => {
  test.each<[number, string, Partial<ServiceState>]>([
    [204, 'whose plan has begun nothing', {}],
    [202, 'whose plan has begun', { steps: [ended('s-1000'), begun('s-0')], goals: [goal(0, placed)] }],
    [
      208,
      'whose next step waits for its next try',
      { steps: [ended('s-1000'), begun('s-0')], waits: [waiting(0, planHolder, delay)], goals: [launched(0)] },
    ],
    [
      500,
      'whose run failed without a reason',
      { runs: [{ planId: installPlan.id, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 9 }] },
    ],
    [200, 'whose plan is complete', { steps: allEnded }],
    [203, 'that recovers a node which was not asked for yet', { steps: allEnded, leases: [recovery] }],
    [
      205,
      'that recovers a node which starts',
      { steps: allEnded, leases: [recovery], goals: [launched(1)], seen: [task(1, 'RUNNING')] },
    ],
    [
      203,
      'whose recovery waits',
      { steps: allEnded, leases: [recovery], waits: [waiting(1, 'arn:x:recover-1', delay)] },
    ],
    [503, 'whose plan is lost', { plans: [] }],
  ])('is %s for one %s', (value, _, changes) => {
    expect(healthOf(changes).value).toBe(value);
  });

  test('says nothing while all is well, and what is well when asked', () => {
    expect(healthOf({ steps: allEnded })).toEqual({ value: 200, reasons: [] });
    expect(healthOf({ steps: allEnded }, true)).toEqual({
      value: 200,
      reasons: [
        'plan deploy is COMPLETE: 3 of 3 steps are complete',
        'no node is being recovered',
        'no event got lost',
      ],
    });
  });

  test('says how far the plan is and why its steps wait', () => {
    const changes = { steps: [ended('s-1000'), begun('s-0')], waits: [waiting(0, planHolder, delay)] };
    expect(healthOf(changes).reasons).toEqual([
      'plan deploy is DELAYED: 1 of 3 steps are complete',
      'kafka-0:[broker] starts again in 30 s (try 3): exit code 1',
    ]);
  });

  const refusedUpdate = {
    ...{ service: 'kafka', refusedAt: 8_000, requestedBy: 'admin' },
    errors: [{ inBlocks: 'in 1.x words', inSteps: "Field: 'brokers.mem'; Fatal: false" }],
  };

  test('keeps its value while the errors of a refused update stand in the plan, and names them', () => {
    expect(healthOf({ steps: allEnded, refusedUpdate })).toEqual({
      value: 200,
      reasons: ["the last update was refused: Field: 'brokers.mem'; Fatal: false"],
    });
    const begins = { steps: [ended('s-1000'), begun('s-0')], goals: [goal(0, placed)], refusedUpdate };
    expect(healthOf(begins)).toEqual({
      value: 202,
      reasons: [
        'plan deploy is IN_PROGRESS: 1 of 3 steps are complete',
        "the last update was refused: Field: 'brokers.mem'; Fatal: false",
      ],
    });
  });

  test('is well again after an update was taken back, and says why it was', () => {
    const takesBack = { planId: 'plan-2', reason: 'kafka-0 was not in sync within 600 s' };
    const plans = [{ ...installPlan, takesBack }];
    expect(healthOf({ plans, steps: allEnded })).toEqual({
      value: 200,
      reasons: ['takes back plan plan-2: kafka-0 was not in sync within 600 s'],
    });
    expect(healthOf({ plans, steps: [begun('s-1000')], goals: [goal(1000, placed)] }).value).toBe(202);
  });

  test('is 500 for a failed run also while an update stands refused', () => {
    const runs = [{ planId: installPlan.id, run: 1, outcome: 'failed', error: 'States.Runtime', endedAt: 9 }] as const;
    expect(healthOf({ runs, refusedUpdate }).value).toBe(500);
  });

  test('names events that got lost, and keeps its value', () => {
    const queue = { name: 'Warden-Failed', holds: 'failed', drained: 0, stayed: 1, error: 'E: no' } as const;
    const lostEvents = { lookedAt: 0, queues: [queue] };
    const { value, reasons } = serviceHealth(service({ steps: allEnded }), { lostEvents, now: 0, verbose: true });
    expect(value).toBe(200);
    expect(reasons.at(-1)).toContain('queue Warden-Failed holds 1 event');
    expect(reasons).not.toContain('no event got lost');
  });
});

describe('the HTTP status of a health', () => {
  test.each([
    [200, 200],
    [202, 202],
    [203, 203],
    [204, 200],
    [205, 200],
    [206, 206],
    [500, 500],
    [503, 503],
  ] as const)('of value %s is %s', (value, status) => {
    expect(healthStatus(value)).toBe(status);
  });
});
