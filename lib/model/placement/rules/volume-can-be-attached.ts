import { outcomeOf } from '../host-outcome.ts';
import type { HostRule } from '../host-rule.ts';

const rootDisk = 1;

/** An instance type takes so many volumes: those attached now, or the root disk and one of each promised node. */
export const volumeCanBeAttached: HostRule = ({ host, promised }) => {
  const free = host.volumeSlots - Math.max(host.attachedVolumes, promised.length + rootDisk);
  return [
    outcomeOf('volumes', free > 0, free > 0 ? `has free slots for volumes: ${free}` : 'has no free slot for a volume'),
  ];
};
