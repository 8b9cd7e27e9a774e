import { UsageError } from './usage-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `1.5m` or `1h` in whole milliseconds. @throws UsageError */
export function readDuration(name: string, text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Math.round(Number(amount) * (UNIT_MS[unit] ?? Number.NaN));
  if (amount !== '' && Number.isFinite(ms)) return ms;
  throw new UsageError(`${name} is ${text}; allowed is a number with a unit: 500ms, 30s, 2m, 1h`);
}

/** `30s`, or `1s..30s` for anything between. @throws UsageError */
export function readRange(name: string, text: string): { readonly min: number; readonly max: number } {
  const [from = '', to = from, ...rest] = text.split('..');
  const [min, max] = [readDuration(name, from), readDuration(name, to)];
  if (rest.length === 0 && min <= max) return { min, max };
  throw new UsageError(`${name} is ${text}; allowed is one time or <from>..<to>, the longer one last`);
}

/** `0.2` or `20%`, from 0 to 1. @throws UsageError */
export function readShare(name: string, text: string): number {
  const [, amount = '', percent = ''] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const share = percent === '' ? Number(amount) : Number(amount) / 100;
  if (amount !== '' && share <= 1) return share;
  throw new UsageError(`${name} is ${text}; allowed is a share from 0 to 1, or from 0% to 100%`);
}

/** A number that is not negative. @throws UsageError */
export function readNumber(name: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`${name} is ${text}; allowed is a number, for example 2 or 0.5`);
}
