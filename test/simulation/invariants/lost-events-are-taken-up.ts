import type { Watch } from './invariant.ts';

/** When faults have ended, the sweep empties the dead-letter queues: no event of ours is such that nobody can take it up. */
export const lostEventsAreTakenUp: Watch = ({ deadLetters }) => ({
  rule: 'lost events are taken up by the sweep',
  atRest: () =>
    deadLetters.count() === 0 ? undefined : `${deadLetters.count()} letters lie in the dead-letter queues`,
});
