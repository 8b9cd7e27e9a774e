import { InvalidArgumentError } from 'commander';
import { durationMs } from '../lib/contract/duration.ts';

/** Reads `90s`, `20m` or `1h30m` into milliseconds. */
export function parseDurationMs(text: string): number {
  const duration = durationMs(text);
  if (duration === undefined) throw new InvalidArgumentError('It must be like 90s, 20m or 1h30m.');
  return duration;
}
