import type { ChangeRule } from '../change-rule.ts';
import { podHasTasks } from '../pod-has-tasks.ts';

/** A broker that goes takes its replicas along. Source: DC/OS Kafka guide 1.x, broker count and update errors. */
export const brokersCannotBecomeFewer: ChangeRule = {
  lasting: [],
  refuse: ({ before, after }) => {
    const from = before.brokers.count;
    const to = after.brokers.count;
    if (to >= from) return [];
    return [
      {
        ...{ pointer: '/brokers/count', from, to, doing: 'Decreasing' },
        message: `brokers.count cannot become less (from ${from} to ${to}): the replicas on a broker would go with it`,
        allowed: `at least ${from}`,
        hint: `write ${from} or more`,
        inSteps: podHasTasks('kafka', to, `>=${from}`),
      },
    ];
  },
};
