import type { DeadLetters } from '../../../lib/ports/dead-letters.ts';
import type { Reachable } from './functions.ts';

/** The stack and its dead-letter queues, at the ports: nothing of them fails here. */
export function createDeployment(deadLetters: DeadLetters): Reachable['deployment'] {
  let isProtected = true;
  return {
    deadLetters,
    deployment: {
      isProtected: async () => isProtected,
      async protect(wanted) {
        isProtected = wanted;
      },
    },
  };
}
