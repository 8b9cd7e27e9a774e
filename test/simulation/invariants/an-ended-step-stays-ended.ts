import type { Watch } from './invariant.ts';
import { keyOf, type WrittenItem, writtenBy } from './written-items.ts';

/** A plan's step begins once and ends once: nothing that comes late takes either away. */
export const anEndedStepStaysEnded: Watch = ({ onServed }) => {
  const steps = new Map<string, WrittenItem>();
  const broken: string[] = [];
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    for (const key of deleted.map(keyOf)) steps.delete(key);
    for (const step of put.filter(({ sk }) => String(sk).startsWith('STEP#'))) {
      const before = steps.get(keyOf(step));
      steps.set(keyOf(step), step);
      if (before?.['endedAt'] !== undefined && step['endedAt'] === undefined) {
        broken.push(`${keyOf(step)} had ended and was begun again`);
      }
      if (step['startedAt'] === undefined) broken.push(`${keyOf(step)} ended without having begun`);
    }
  });
  return { rule: 'I6: the status of a step never goes back', afterStep: () => broken[0] };
};
