import type { TaskReport } from '../hosts/protocol.ts';
import type { TaskRecord, TaskStatus } from './records.ts';

/** Later reports never take a task back. */
const ORDER: readonly TaskStatus[] = ['PENDING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'STOPPED'];

/**
 * The record after an agent's report. A report that tells nothing new gives the very same record back; a new version is
 * for what events show, so a change of health alone keeps it.
 */
export function mergeReport(record: TaskRecord, report: TaskReport, now: number): TaskRecord {
  if (record.lastStatus === 'STOPPED') return record;
  const lastStatus =
    ORDER.indexOf(report.status) > ORDER.indexOf(record.lastStatus) ? report.status : record.lastStatus;
  const isEnding = report.status === 'STOPPING' || report.status === 'STOPPED';
  const { cause } = report;
  const merged: TaskRecord = {
    ...record,
    ...timesOf(report),
    connectivityAt: record.connectivityAt ?? now,
    lastStatus,
    desiredStatus: isEnding ? 'STOPPED' : record.desiredStatus,
    // Who asked first is who stopped it.
    ...(record.stopCode === undefined &&
      cause !== undefined && { stopCode: cause.stopCode, stoppedReason: cause.stoppedReason }),
    containers: record.containers.map((container) => ({
      ...container,
      report: report.containers.find(({ name }) => name === container.name) ?? container.report,
    })),
  };
  if (sameJson(merged, record)) return record;
  if (sameJson(withoutHealth(merged), withoutHealth(record))) return merged;
  return { ...merged, version: record.version + 1, changedAt: now };
}

function timesOf(report: TaskReport): Partial<TaskRecord> {
  const { pullStartedAt, pullStoppedAt, startedAt, stoppingAt, executionStoppedAt, stoppedAt } = report;
  const times = { pullStartedAt, pullStoppedAt, startedAt, stoppingAt, executionStoppedAt, stoppedAt };
  return Object.fromEntries(Object.entries(times).filter(([, at]) => at !== undefined));
}

function withoutHealth(record: TaskRecord): TaskRecord {
  return {
    ...record,
    containers: record.containers.map((container) => {
      const { health: _health, ...report } = container.report;
      return { ...container, report };
    }),
  };
}

/** The order of members does not count. */
function sameJson(a: object, b: object): boolean {
  return stable(a) === stable(b);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
