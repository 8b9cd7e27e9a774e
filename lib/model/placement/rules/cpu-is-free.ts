import { outcomeOf, type RuleOutcome } from '../host-outcome.ts';
import type { RoomCase } from '../host-rule.ts';

/** CPU units of the node are free: neither taken by tasks now nor promised to nodes that are down. */
export const cpuIsFree = ({ host, needs, promised }: RoomCase): readonly RuleOutcome[] => {
  const unpromised = promised.reduce((left, { cpuUnits }) => left - cpuUnits, host.cpuUnits);
  const free = Math.min(host.freeCpuUnits, unpromised);
  return [outcomeOf('cpu', free >= needs.cpuUnits, `has ${free} free CPU units, needs ${needs.cpuUnits}`)];
};
