import { nodeLoss } from '../../model/broker/node-loss.ts';
import { replacementOutlook } from '../../model/broker/replacement-outlook.ts';
import { replacementSettings } from '../../model/broker/replacement-settings.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';
import type { HeldNode, NodeStepPorts } from './node-step.ts';

/**
 * The reason with what becomes of the node, where host or volume may never come back: without `enable_replacement` a person
 * has to say so. `volumeState`: EC2's word for its volume, undefined when EC2 does not know it.
 */
export async function withWhatIsLost(
  { store, clock }: Pick<NodeStepPorts, 'store' | 'clock'>,
  { state, goal }: HeldNode,
  { reason, volumeState }: { readonly reason: WaitingReason; readonly volumeState: string | undefined },
): Promise<WaitingReason> {
  if (reason.type !== 'capacity' && reason.type !== 'volume') return reason;
  const loss = nodeLoss(state, goal, volumeState);
  const config = loss && (await store.readConfig(goal.service, state.target.configId));
  if (loss === undefined || config === undefined || goal.attempt === 0) return reason;
  const of = { loss, settings: replacementSettings(config), now: clock() };
  return { ...reason, lost: replacementOutlook(state, goal, of) };
}
