import type { ModelledService, SimulatedClock } from '../../contract.ts';
import { copyOf } from './copy.ts';
import { notModelled } from './failure.ts';

/** One operation of a model: takes the command's input, answers or throws as the service does. */
export type Operation = (input: never) => object;

/** A call that reached a service, for invariants and stories. Times in epoch milliseconds. */
export interface Call {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  /** The name of the error that answered it. */
  readonly error?: string;
}

/**
 * Operations as the SDK's `send()` meets them. Inputs are the operation's own: what it keeps of one it copies. Outputs
 * are copies, and the last call is written down.
 */
export function createModelledService(
  service: string,
  operations: Readonly<Record<string, Operation>>,
  journal: { readonly clock: SimulatedClock; last?: Call },
): ModelledService {
  const byName = new Map(Object.entries(operations));
  return {
    call: (operation, input) => {
      const run = byName.get(operation);
      if (run === undefined) throw notModelled(`${service} ${operation}`, [...byName.keys()]);
      const call = { at: journal.clock.now(), service, operation, input };
      try {
        const output = copyOf(run(input as never));
        journal.last = call;
        return { $metadata: { httpStatusCode: 200 }, ...output };
      } catch (error) {
        journal.last = { ...call, error: error instanceof Error ? error.name : String(error) };
        throw error;
      }
    },
  };
}
