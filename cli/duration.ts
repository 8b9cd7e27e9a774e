import { InvalidArgumentError } from 'commander';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Reads `90s`, `20m` or `1h30m` into milliseconds. */
export function parseDurationMs(text: string): number {
  if (!/^(\d+[smh])+$/.test(text)) throw new InvalidArgumentError('It must be like 90s, 20m or 1h30m.');
  const parts = [...text.matchAll(/(\d+)([smh])/g)];
  return parts.reduce((sumMs, [, count, unit]) => sumMs + Number(count) * (unitMs[unit ?? 's'] ?? 0), 0);
}
