import type { ChangeRule } from '../change-rule.ts';
import { podHasTasks } from '../pod-has-tasks.ts';

/** Voters of a quorum that has formed are neither added nor removed. */
export const controllerCountCannotChange: ChangeRule = {
  lasting: ['/controllers/count'],
  refuse: ({ before, after }) => {
    const from = before.controllers.count;
    const to = after.controllers.count;
    if (from === to) return [];
    const reason = 'the size of the quorum is decided at install';
    return [
      {
        ...{ pointer: '/controllers/count', from, to, doing: to < from ? 'Decreasing' : 'Changing' },
        message: `controllers.count cannot change (from ${from} to ${to}): ${reason}`,
        allowed: String(from),
        hint: `leave it out, or write ${from}`,
        inSteps: podHasTasks('controller', to, to < from ? `>=${from}` : String(from)),
      },
    ];
  },
};
