import type { Preview } from '../lib/contract/update-schema.ts';

/** `/brokers/count: 3 → 5`; an absent side is not set there. */
export function describeDifference({ pointer, before, after }: Preview['changes'][number]): string {
  return `${pointer}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}
