import { type WaitingReason, waitingSentence } from '../../lib/model/waiting-reason.ts';
import { explainWait, identity, type NodeStepPorts, type StepResult } from '../../lib/operations/node/node-step.ts';
import type { PlanRunner } from '../../lib/ports/plan-runner.ts';
import { NotReady, StepFailure } from './step-error.ts';
import type { StepPayload } from './step-payload.ts';

/** An operation of lib/operations/node, its ports joined. */
export type NodeStep = (request: StepPayload) => Promise<StepResult>;

type Output = Readonly<Record<string, unknown>>;

/** Without a plan runner no step of the function waits with a token. */
export type NodeStepHandlerPorts = NodeStepPorts & { readonly planRunner?: PlanRunner };

/**
 * Runs a step once and tells the machine how it ended: done by the token's answer (or the return value where the state
 * has none), the rest by an error that the machine's Retry or Catch names. What it waits for is stored before, and taken
 * away after: another invocation may wait with the token, and until it is answered somebody must be able to.
 */
export async function runNodeStep(ports: NodeStepHandlerPorts, step: NodeStep, request: StepPayload): Promise<Output> {
  const result = await runAndExplain(ports, step, request);
  switch (result.type) {
    case 'done': {
      const takesNodeNext = isYetToTakeItsNode(request, result.output);
      if (takesNodeNext) await explainWait(ports, request, nodeIsTakenNext);
      const output = await answer(ports, request, result.output ?? {});
      if (!takesNodeNext) await removeWait(ports, request);
      return output;
    }
    case 'waiting':
      return {};
    case 'not ready':
      await explainWait(ports, request, result.reason);
      throw new NotReady(waitingSentence(result.reason));
    case 'failed':
      // Another invocation of the same try may wait with this token, and its answer may be the one that counted.
      if (request.token !== undefined) {
        await ports.planRunner?.answer(request.token, { type: 'failed', error: result.error, cause: result.cause });
      }
      // Nobody waits there any more, and nobody else would take the reason away.
      if (result.error === 'Superseded') await removeWait(ports, request);
      throw new StepFailure(result.error, result.cause);
  }
}

const nodeIsTakenNext: WaitingReason = { type: 'turn', heldBy: 'nobody any more, and it takes the node next' };

/**
 * A plan's step has its turn, and not its node yet: if nothing were heard of it in between, others of its run could believe
 * that the run has passed it. Stop takes the node, and this reason away.
 */
function isYetToTakeItsNode({ kind, step }: StepPayload, output: Output = {}): boolean {
  if (kind !== 'plan') return false;
  return step === 'May stop' || (step === 'Await turn' && output['turn'] === 'go');
}

function removeWait(ports: NodeStepPorts, request: StepPayload): Promise<void> {
  return ports.store.removeWait(identity(request));
}

/** An operating error is shown as what the step waits for; the machine tries again. */
async function runAndExplain(ports: NodeStepPorts, step: NodeStep, request: StepPayload): Promise<StepResult> {
  try {
    return await step(request);
  } catch (error) {
    if (error instanceof Error)
      await explainWait(ports, request, { type: 'error', name: error.name, message: error.message });
    throw error;
  }
}

/** A refused answer is shown: the state runs again. After a passing error the answer may have had its effect. */
async function answer(ports: NodeStepHandlerPorts, request: StepPayload, output: Output): Promise<Output> {
  try {
    if (request.token !== undefined) await ports.planRunner?.answer(request.token, { type: 'done', output });
    return output;
  } catch (error) {
    if (error instanceof Error && 'retriable' in error && error.retriable === false)
      await explainWait(ports, request, { type: 'error', name: error.name, message: error.message });
    throw error;
  }
}
