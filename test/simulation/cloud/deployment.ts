import type { AwsApiPorts } from '../../../functions/api/aws-handlers.ts';
import type { Lambda } from './lambda.ts';

/** The stack and its dead-letter queues, at the ports: nothing of them fails here. */
export function createDeployment(
  lambda: () => Pick<Lambda, 'failures'>,
): Pick<AwsApiPorts, 'deadLetters' | 'deployment'> {
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
