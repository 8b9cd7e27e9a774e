import type { Dispatcher } from './dispatcher.ts';
import { wrapEvent } from './event-envelope.ts';
import type { RuleRecord, RuleStore } from './rule-store.ts';
import { nextFiring, parseSchedule } from './schedule.ts';

/** Fires the scheduled rules by the clock. */
export interface Scheduler {
  /** Looks at the rules again: after a start and after each change of a rule. */
  readonly plan: () => void;
  readonly stop: () => void;
}

/** Timers hold 31 bits of milliseconds; a longer wait looks again each hour. */
const MAX_WAIT_MS = 3_600_000;

/**
 * A rule that came due while the cloud was off fires once at once, not once for each firing it missed. The firing is
 * queued before the rule is moved on, so that a crash between the two fires twice rather than never.
 */
export function createScheduler(store: RuleStore, dispatcher: Dispatcher): Scheduler {
  let cancel = (): void => undefined;
  const plan = (): void => {
    cancel();
    const now = store.clock.now();
    let earliest = Number.POSITIVE_INFINITY;
    for (const rule of store.rules.values()) {
      const dueAt = dueAtOf(rule);
      if (dueAt !== undefined && dueAt <= now) fire(rule, now);
      const nextAt = dueAtOf(store.rules.get(rule.name) ?? rule);
      if (nextAt !== undefined) earliest = Math.min(earliest, nextAt);
    }
    if (earliest === Number.POSITIVE_INFINITY) return;
    cancel = store.clock.after(Math.min(Math.max(earliest - now, 0), MAX_WAIT_MS), plan);
  };
  const fire = (rule: RuleRecord, now: number): void => {
    const event = { source: 'aws.events', detailType: 'Scheduled Event', resources: [rule.arn], time: now, detail: {} };
    dispatcher.fire(rule, wrapEvent(store.cloud, event));
    store.rules.set(rule.name, { ...rule, countsFrom: startOfNextPeriod(rule, now) });
  };
  return { plan, stop: () => cancel() };
}

function dueAtOf(rule: RuleRecord): number | undefined {
  if (rule.state !== 'ENABLED' || rule.schedule === undefined) return undefined;
  return nextFiring(parseSchedule(rule.schedule), rule.countsFrom);
}

/** A rate keeps its beat: its next firing is a whole number of periods after the first. */
function startOfNextPeriod(rule: RuleRecord, now: number): number {
  const schedule = parseSchedule(rule.schedule ?? '');
  if (schedule.type === 'cron') return now;
  return now - ((now - rule.countsFrom) % schedule.periodMs);
}
