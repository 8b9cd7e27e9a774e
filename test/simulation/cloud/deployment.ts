import type { Reachable } from './functions.ts';
import type { Lambda } from './lambda.ts';

/** The stack and its dead-letter queues, at the ports: nothing of them fails here. */
export function createDeployment(lambda: () => Pick<Lambda, 'failures'>): Reachable['deployment'] {
  let isProtected = true;
  return {
    deadLetters: {
      count: async () => [
        { name: 'Undelivered', holds: 'undelivered', messages: 0 },
        { name: 'Failed', holds: 'failed', messages: lambda().failures.length },
      ],
    },
    deployment: {
      isProtected: async () => isProtected,
      async protect(wanted) {
        isProtected = wanted;
      },
    },
  };
}
