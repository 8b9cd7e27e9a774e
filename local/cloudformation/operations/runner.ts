import type { Engine } from '../engine/engine.ts';
import { runOperation } from '../engine/run-operation.ts';
import { begin, type StatusNews } from '../engine/stack-status.ts';
import type { Operation, StackRecord } from '../records.ts';

/** Runs operations in the background, one at a time per stack. */
export interface Runner {
  /** Stores the operation, then begins it. */
  readonly begin: (stack: StackRecord, operation: Operation, news: StatusNews) => StackRecord;
  /** Goes on with every operation that an earlier process left. */
  readonly resume: () => void;
  /** Settles when nothing runs any more. */
  readonly idle: () => Promise<void>;
}

export function createRunner(engine: Engine): Runner {
  const running = new Map<string, Promise<void>>();
  const run = (stackId: string): void => {
    const work = runOperation(engine, stackId)
      .catch((error: unknown) => {
        // The engine turns failures into statuses; what comes here is a defect that must at least be seen.
        engine.cloud.log(`cloudformation: operation on ${stackId} broke: ${String(error)}`);
      })
      .finally(() => running.delete(stackId));
    running.set(stackId, work);
  };
  return {
    begin: (stack, operation, news) => {
      const begun = begin(engine, stack, operation, news);
      run(stack.id);
      return begun;
    },
    resume: () => {
      for (const { id, operation } of engine.store.stacks()) if (operation !== undefined && !running.has(id)) run(id);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
