const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds of a duration in the spelling of mesos/kafka: whole digits and one unit, `30s`, `2m`, `3h` or `1d`. Undefined:
 * it is none. Its milliseconds are left out: no task starts that fast.
 */
export function durationSeconds(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return count === undefined || unit === undefined ? undefined : Number(count) * (unitSeconds[unit] ?? 0);
}
