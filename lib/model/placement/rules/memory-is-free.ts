import { outcomeOf, type RuleOutcome } from '../host-outcome.ts';
import type { RoomCase } from '../host-rule.ts';

/** Memory of the node is free: neither taken by tasks now nor promised to nodes that are down. */
export const memoryIsFree = ({ host, needs, promised }: RoomCase): readonly RuleOutcome[] => {
  const unpromised = promised.reduce((left, { memoryMiB }) => left - memoryMiB, host.memoryMiB);
  const free = Math.min(host.freeMemoryMiB, unpromised);
  return [outcomeOf('memory', free >= needs.memoryMiB, `has ${free} MiB free memory, needs ${needs.memoryMiB}`)];
};
