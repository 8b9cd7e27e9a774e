import type { RefusedChange } from './change-rule.ts';

/** That there are not as many nodes as there must be. Source: PodSpecsCannotShrink of dcos-commons. */
export function podHasTasks(pod: 'kafka' | 'controller', tasks: number, expected: string): RefusedChange['inSteps'] {
  return {
    field: `PodSpec[name:${pod}]`,
    message: `New config's PodSpec named '${pod}' has ${tasks} tasks, expected ${expected} tasks`,
  };
}
