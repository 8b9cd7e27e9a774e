import { describe, expect, test } from '@jest/globals';
import { nextFiring, parseSchedule } from '../../../../local/events/schedule.ts';

const next = (expression: string, after: string): string | undefined => {
  const at = nextFiring(parseSchedule(expression), Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString();
};

/** 21 November 2026 is a Saturday. */
describe('the next firing of a schedule', () => {
  test.each([
    ['rate(1 minute)', '2026-11-21T11:59:30.500Z', '2026-11-21T12:00:30.500Z'],
    ['rate(5 minutes)', '2026-11-21T12:00:00.000Z', '2026-11-21T12:05:00.000Z'],
    ['rate(2 days)', '2026-11-21T12:00:00.000Z', '2026-11-23T12:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-11-21T12:15:00.000Z', '2026-11-21T12:30:00.000Z'],
    ['cron(30 8 * * ? *)', '2026-11-21T08:30:00.000Z', '2026-11-22T08:30:00.000Z'],
    ['cron(0 9 ? * MON-FRI *)', '2026-11-21T12:00:00.000Z', '2026-11-23T09:00:00.000Z'],
    ['cron(0 9 ? * 2 *)', '2026-11-21T12:00:00.000Z', '2026-11-23T09:00:00.000Z'],
    ['cron(0 0 1 JAN,JUL ? *)', '2026-11-21T12:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['cron(0 0 L * ? *)', '2026-11-21T12:00:00.000Z', '2026-11-30T00:00:00.000Z'],
    ['cron(0 0 ? * 6L *)', '2026-11-21T12:00:00.000Z', '2026-11-27T00:00:00.000Z'],
    ['cron(0 0 ? * 3#2 *)', '2026-11-21T12:00:00.000Z', '2026-12-08T00:00:00.000Z'],
    ['cron(0 0 29W * ? *)', '2026-11-21T12:00:00.000Z', '2026-11-30T00:00:00.000Z'],
    ['cron(0 0 1W 5 ? 2027)', '2026-11-21T12:00:00.000Z', '2027-05-03T00:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2026-11-21T12:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['cron(10,20 6-8/2 * * ? *)', '2026-11-21T06:20:00.000Z', '2026-11-21T08:10:00.000Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  test('is none when the years are over', () => {
    expect(next('cron(0 0 1 1 ? 2020)', '2026-11-21T12:00:00.000Z')).toBeUndefined();
  });
});

test.each([
  'rate(0 minutes)',
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(5 weeks)',
  'cron(* * * * * *)',
  'cron(0 0 ? * ? *)',
  'cron(60 0 * * ? *)',
  'cron(0 0 * * ?)',
  'cron(0 0 5-2 * ? *)',
  'every day',
])('%s is refused', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(expect.objectContaining({ name: 'ValidationException' }));
});
