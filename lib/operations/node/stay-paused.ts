import { pauseNow } from '../../model/broker/pause-now.ts';
import { pausedReason } from '../../model/broker/turn.ts';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import { announceWait, done, type NodeStepPorts, type NodeStepRequest, type StepResult } from './node-step.ts';

/** `pausedAt`: which pause the machine is for, by the time of its word; epoch milliseconds. */
export type PauseStepRequest = NodeStepRequest & { readonly pausedAt?: number };

/**
 * Waits with a token until the pause is over: an operator said so, its deadline has come, another pause took its place,
 * or the service goes away. Looks again once the token is announced. Idempotent.
 */
export async function stayPaused(ports: NodeStepPorts, request: PauseStepRequest): Promise<StepResult> {
  const first = await reasonToWait(ports, request);
  if (first === undefined) return done;
  await announceWait(ports, request, { reason: first, awaits: 'resume' });
  return (await reasonToWait(ports, request)) === undefined ? done : { type: 'waiting' };
}

async function reasonToWait(
  { store, clock }: NodeStepPorts,
  request: PauseStepRequest,
): Promise<WaitingReason | undefined> {
  const { service, nodeId, pausedAt } = request;
  const state = await store.readService(service);
  if (state === undefined || isSuperseded(state, { ...request, kind: 'pause' })) return undefined;
  const now = clock();
  if (pauseNow(state, nodeId, now)?.requestedAt !== pausedAt) return undefined;
  return pausedReason(state, { nodeId, now });
}
