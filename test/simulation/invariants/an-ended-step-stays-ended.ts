import type { Watch } from './invariant.ts';
import { keyOf, type WrittenItem, writtenBy } from './written-items.ts';

/**
 * A plan's step begins once and ends once, and once more each time that an operator asks for it again: nothing that comes
 * late takes either away.
 */
export const anEndedStepStaysEnded: Watch = ({ onServed }) => {
  const steps = new Map<string, WrittenItem>();
  const asked = new Map<string, number>();
  const broken: string[] = [];
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    for (const key of deleted.map(keyOf)) steps.delete(key);
    for (const { restarts = [] } of put as readonly { restarts?: readonly { stepId: string; times: number }[] }[]) {
      for (const { stepId, times } of restarts) asked.set(stepId, times);
    }
    for (const step of put.filter(({ sk }) => String(sk).startsWith('STEP#'))) {
      const before = steps.get(keyOf(step));
      steps.set(keyOf(step), step);
      const [times, timesBefore] = [timesOf(step), timesOf(before)];
      if (before?.['endedAt'] !== undefined && step['endedAt'] === undefined && times <= timesBefore) {
        broken.push(`${keyOf(step)} had ended and was begun again`);
      }
      if (times < timesBefore) broken.push(`${keyOf(step)} went from restart ${timesBefore} to ${times}`);
      if (times > (asked.get(String(step['stepId'])) ?? 0)) broken.push(`${keyOf(step)} was begun again unasked`);
      if (step['startedAt'] === undefined) broken.push(`${keyOf(step)} ended without having begun`);
    }
  });
  return { rule: 'I6: the status of a step never goes back but by a restart', afterStep: () => broken[0] };
};

function timesOf(step: WrittenItem | undefined): number {
  return Number(step?.['restart'] ?? 0);
}
