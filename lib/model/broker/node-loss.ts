import type { NodeGoal, ServiceState } from '../state.ts';
import type { NodeLoss } from './outlook-sentence.ts';

/**
 * What of a node is lost; undefined: a host of its zone may take it, with its volume. `volumeState`: EC2's word for the
 * volume, undefined when EC2 does not know it.
 */
export function nodeLoss(
  { emptyZones }: Pick<ServiceState, 'emptyZones'>,
  { volume }: NodeGoal,
  volumeState: string | undefined,
): NodeLoss | undefined {
  if (volume === undefined) return undefined;
  const { id, zone } = volume;
  if (id !== undefined && volumeState === undefined) return { type: 'volume', volumeId: id, state: 'gone' };
  if (id !== undefined && volumeState === 'error') return { type: 'volume', volumeId: id, state: 'error' };
  const empty = emptyZones?.zones.find((candidate) => candidate.zone === zone);
  return empty && { type: 'zone', zone, since: empty.since };
}
