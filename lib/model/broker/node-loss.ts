import type { NodeGoal, ServiceState } from '../state.ts';

/** Why a node cannot run where its volume is, wherever it waits. */
export type NodeLoss =
  /** No host of the zone takes tasks or is in touch, since then (epoch milliseconds). */
  | { readonly type: 'zone'; readonly zone: string; readonly since: number }
  /** EC2 has forgotten it, or calls it `error`, which never ends. */
  | { readonly type: 'volume'; readonly volumeId: string; readonly state: 'gone' | 'error' };

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

/** As a sentence. */
export function lossSentence(loss: NodeLoss): string {
  if (loss.type === 'zone') {
    const since = new Date(loss.since).toISOString();
    return `no host of ${loss.zone} has been in touch since ${since}, and a volume never leaves its zone`;
  }
  return loss.state === 'gone'
    ? `EC2 does not know volume ${loss.volumeId} any more`
    : `EC2 calls volume ${loss.volumeId} "error", which never ends`;
}
