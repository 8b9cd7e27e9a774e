import { describe, expect, test } from '@jest/globals';
import { deploymentHealth } from '../../../../lib/model/health/deployment-health.ts';
import type { HealthValue } from '../../../../lib/model/health/health.ts';

const now = Date.UTC(2026, 10, 21, 12);
const empty = { name: 'Warden-Undelivered', holds: 'undelivered', drained: 0, stayed: 0 } as const;
const look = (stayed: number) => ({
  lookedAt: now,
  queues: [{ ...empty, stayed, ...(stayed === 0 ? {} : { error: 'StoreError: no answer' }) }],
});

describe('the health of the deployment', () => {
  test.each<[HealthValue, readonly HealthValue[], number]>([
    [200, [], 0],
    [200, [200, 200], 0],
    [202, [200, 202], 0],
    [206, [200], 1],
    [206, [202, 204], 1],
    [208, [208, 202], 1],
    [207, [208, 207], 0],
    [500, [503, 500, 207], 0],
  ])('is %s with services at %j and %s events that cannot be taken up', (value, values, stayed) => {
    const services = values.map((each, index) => ({ name: `s${index}`, value: each }));
    expect(deploymentHealth({ services, lostEvents: look(stayed), now }).value).toBe(value);
  });

  test('names services that hibernate, and is as without them', () => {
    const services = [
      { name: 'kafka', value: 200 as const },
      { name: 'logs', value: 207 as const, hibernates: true },
    ];
    expect(deploymentHealth({ services, now: 0 })).toEqual({
      value: 200,
      reasons: ['service logs hibernates'],
    });
    // On its way there it is at work like any other.
    const falling = [{ name: 'logs', value: 202 as const, hibernates: true }];
    expect(deploymentHealth({ services: falling, now: 0 }).value).toBe(202);
  });

  test('names what is not well and what to do', () => {
    const { reasons } = deploymentHealth({
      services: [
        { name: 'kafka', value: 200 },
        { name: 'logs', value: 208 },
      ],
      lostEvents: look(1),
      now,
      bar: { id: 'b', since: Date.UTC(2026, 10, 21, 12), barredBy: 'ann' },
    });
    expect(reasons).toEqual([
      'service logs is at 208: GET /service/logs/v1/health says why',
      'queue Warden-Undelivered holds 1 event that could not be handed to the function Events and cannot be taken up: StoreError: no answer. Reconcile tries again every 5 minutes; read them, mend the cause, or purge the queue',
      'installs are barred since 2026-11-21T12:00:00.000Z by ann, while the stack may be destroyed: POST /admin/forbid-destroy opens them, and so does the next cdk deploy',
    ]);
  });
});
