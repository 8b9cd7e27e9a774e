import type { ChangeRule } from '../change-rule.ts';
import { podHasTasks } from '../pod-has-tasks.ts';

/** A second broker would need controllers that are nodes of their own, and the mode stays. */
export const oneNodeCannotBecomeMore: ChangeRule = {
  lasting: [],
  refuse: ({ before, after }) => {
    const from = before.brokers.count;
    const to = after.brokers.count;
    if (before.controllers.mode !== 'combined' || to <= from) return [];
    return [
      {
        ...{ pointer: '/brokers/count', from, to, doing: 'Increasing' },
        message: `brokers.count cannot become more (from ${from} to ${to}): the one broker is the controller too`,
        allowed: String(from),
        hint: `write ${from}; install another service, with controllers.mode dedicated, for more brokers`,
        inSteps: podHasTasks('kafka', to, String(from)),
      },
    ];
  },
};
