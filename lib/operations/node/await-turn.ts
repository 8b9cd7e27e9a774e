import { judgeTurn } from '../../model/broker/turn.ts';
import type { PlanRunner } from '../../ports/plan-runner.ts';
import { holdersThatMayAct } from '../lease-holders.ts';
import { announceWait, type NodeStepPorts, type NodeStepRequest, type StepResult, superseded } from './node-step.ts';

/** Answers go, done, or waits with a token until somebody else is through. Idempotent. */
export async function awaitTurn(
  ports: NodeStepPorts & { readonly planRunner: PlanRunner },
  request: NodeStepRequest,
): Promise<StepResult> {
  await announceWait(ports, request, {
    reason: { type: 'turn', heldBy: 'its turn is being looked at' },
    awaits: 'turn',
  });
  const state = await ports.store.readService(request.service);
  if (state === undefined) return superseded('the service is gone');
  const turn = judgeTurn(state, request);
  switch (turn.type) {
    case 'superseded':
      return superseded('a newer plan took over');
    case 'go':
    case 'done':
      return { type: 'done', output: { turn: turn.type } };
    case 'wait': {
      const holders = await holdersThatMayAct(ports, turn.leases);
      if (turn.leases.length > 0 && holders.type === 'none') return { type: 'done', output: { turn: 'go' } };
      const reason = { type: 'turn' as const, heldBy: turn.heldBy };
      // A holder that has just ended may still have a function running: nothing will wake us when that is over.
      if (holders.type === 'ending') return { type: 'not ready', reason };
      await announceWait(ports, request, { reason, awaits: 'turn' });
      return { type: 'waiting' };
    }
  }
}
