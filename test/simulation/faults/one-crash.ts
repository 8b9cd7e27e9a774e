import { createHits, type Faults } from './faults.ts';
import { noFaults } from './no-faults.ts';

export interface CrashPoint {
  /** Position of the call among all calls of the world. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** Kills the process that makes one call of all, before it or after its effect; nothing else goes wrong. */
export function oneCrash({ call, when }: CrashPoint): Faults {
  const { hits, hit } = createHits();
  return {
    ...noFaults(),
    eventsAreReliable: false,
    hits,
    hit,
    ofCall(site) {
      if (site.number !== call) return 'none';
      const fault = `crash ${when}` as const;
      hit(fault);
      return fault;
    },
  };
}
