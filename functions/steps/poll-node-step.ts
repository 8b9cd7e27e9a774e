import type { NodeStepPorts, StepResult } from '../../lib/operations/node/node-step.ts';
import type { Pause } from '../../lib/ports/clock.ts';
import type { NodeStep } from './node-step-handler.ts';

/** Shorter than the function's timeout of 75 s; one transition a minute while a step waits for Kafka. */
const pollForMs = 55_000;
const firstPauseMs = 100;
const maxPauseMs = 1_000;

/**
 * Makes a step that looks again by itself for up to a minute before it says that it is not ready. Errors that Kafka
 * calls passing (nobody answers, no leader yet) are looks that found nothing, too.
 */
export function polling(
  ports: NodeStepPorts & { readonly pause: Pause },
  step: NodeStep,
  onNotReady: (request: Parameters<NodeStep>[0], result: StepResult) => Promise<void>,
): NodeStep {
  return async (request) => {
    const until = ports.clock() + pollForMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      const result = await onceOrNotReady(step, request);
      if (result.type !== 'not ready' || ports.clock() >= until) return result;
      await onNotReady(request, result);
      await ports.pause(pauseMs);
    }
  };
}

async function onceOrNotReady(step: NodeStep, request: Parameters<NodeStep>[0]): Promise<StepResult> {
  try {
    return await step(request);
  } catch (error) {
    if (!isPassing(error)) throw error;
    return { type: 'not ready', reason: { type: 'error', name: error.name, message: error.message } };
  }
}

function isPassing(error: unknown): error is Error {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}
