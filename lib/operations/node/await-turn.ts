import { judgeTurn } from '../../model/broker/turn.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { PlanRunner } from '../../ports/plan-runner.ts';
import { holdersThatMayAct } from '../lease-holders.ts';
import { announceWait, type NodeStepPorts, type NodeStepRequest, type StepResult, superseded } from './node-step.ts';

type Ports = NodeStepPorts & { readonly planRunner: PlanRunner };

/**
 * Answers go, done, or waits with a token until somebody else is through. Looks before the token is announced: an event
 * would end the state under a function that is about to answer. Then looks once more, so that no event falls between.
 * Idempotent.
 */
export async function awaitTurn(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  const first = await look(ports, request);
  if (first.type !== 'wait') return first.result;
  await announceWait(ports, request, { reason: first.reason, awaits: 'turn' });
  const second = await look(ports, request);
  return second.type === 'wait' ? { type: 'waiting' } : second.result;
}

type Look =
  | { readonly type: 'ended'; readonly result: StepResult }
  | { readonly type: 'wait'; readonly reason: WaitingReason };

async function look(ports: Ports, request: NodeStepRequest): Promise<Look> {
  const state = await ports.store.readService(request.service);
  if (state === undefined) return { type: 'ended', result: superseded('the service is gone') };
  const turn = judgeTurn(state, { ...request, now: ports.clock() });
  switch (turn.type) {
    case 'superseded':
      return { type: 'ended', result: superseded('a newer plan took over') };
    case 'go':
    case 'done':
      return { type: 'ended', result: { type: 'done', output: { turn: turn.type } } };
    case 'wait': {
      const holders = await holdersThatMayAct(ports, turn.leases);
      if (turn.leases.length > 0 && holders.type === 'none') {
        return { type: 'ended', result: { type: 'done', output: { turn: 'go' } } };
      }
      const { reason } = turn;
      // A holder that has just ended may still have a function running: nothing will wake us when that is over.
      if (holders.type === 'ending') return { type: 'ended', result: { type: 'not ready', reason } };
      return { type: 'wait', reason };
    }
  }
}
