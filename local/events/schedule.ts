import { AwsError } from '../core/aws-error.ts';
import { type Cron, nextCronTime, parseCron } from './cron.ts';

/** A rule's schedule. */
export type Schedule =
  | { readonly type: 'rate'; readonly periodMs: number }
  | { readonly type: 'cron'; readonly cron: Cron };

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Parses `rate(5 minutes)` or `cron(0 12 * * ? *)`.
 *
 * @throws AwsError ValidationException
 */
export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate !== null) {
    const [, count = '', unit = '', plural] = rate;
    // AWS wants the unit in the singular for 1 and in the plural otherwise.
    if (Number(count) < 1 || (Number(count) === 1) !== (plural === '')) throw invalidSchedule(expression);
    return { type: 'rate', periodMs: Number(count) * (UNIT_MS[unit] ?? 0) };
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1];
  const cron = fields === undefined ? undefined : parseCron(fields);
  if (cron === undefined) throw invalidSchedule(expression);
  return { type: 'cron', cron };
}

/** The first firing after `afterMs`, both in epoch milliseconds; undefined when a cron has no more. */
export function nextFiring(schedule: Schedule, afterMs: number): number | undefined {
  return schedule.type === 'rate' ? afterMs + schedule.periodMs : nextCronTime(schedule.cron, afterMs);
}

function invalidSchedule(expression: string): AwsError {
  return new AwsError(
    'ValidationException',
    `Parameter ScheduleExpression is not valid: ${expression}. It is rate(1 minute), rate(n minutes|hours|days) or cron with six fields, one of day-of-month and day-of-week being ?.`,
  );
}
