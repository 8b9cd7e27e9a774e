const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Reads `90s`, `20m` or `1h30m` into milliseconds; undefined: it is none. */
export function durationMs(text: string): number | undefined {
  if (!/^(\d{1,9}[smh])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)([smh])/g)];
  return parts.reduce((sumMs, [, count, unit]) => sumMs + Number(count) * (unitMs[unit ?? 's'] ?? 0), 0);
}
