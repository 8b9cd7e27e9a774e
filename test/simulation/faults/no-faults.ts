import { createHits, type Faults } from './faults.ts';

/** A world in which everything that is asked for happens, once and soon. */
export function noFaults(): Faults {
  return {
    ...createHits(),
    ofCall: () => 'none',
    ofEvent: () => 'none',
    ofInvocation: () => 'none',
    eventsComeAtOnce: false,
    eventsAreReliable: true,
    skewMs: () => 0,
  };
}
