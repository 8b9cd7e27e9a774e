import { isWantedDown } from '../is-wanted-down.ts';
import { roleOf } from '../node.ts';
import type { NodeReplacement } from '../node-wish.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import type { VolumeSnapshot } from '../volume-snapshot.ts';
import { deactivationOf } from './deactivation.ts';
import { downSince } from './down-since.ts';
import { nodeLoss } from './node-loss.ts';
import { hasNoTask } from './node-run.ts';
import { openReplacement } from './open-replacement.ts';
import { lossSentence, type ReplacementOutlook } from './outlook-sentence.ts';
import { mustStayDown } from './pause-now.ts';
import { replacementOutlook } from './replacement-outlook.ts';
import type { ReplacementSettings } from './replacement-settings.ts';

/** What of a replacement Warden decides; the rest is the same for all of its own. */
type OwnReplacement = Pick<NodeReplacement, 'snapshotId'> & {
  readonly volume: 'snapshot' | 'discard';
  readonly why: string;
};

export type AutomaticReplacement =
  /** The node runs, or its recovery in place brings it back, with its volume. */
  | { readonly type: 'none' }
  | { readonly type: 'wait'; readonly outlook: ReplacementOutlook }
  | ({ readonly type: 'replace' } & OwnReplacement)
  /** What Warden has asked for, and nobody has begun with, is not needed any more: host or volume are back. */
  | { readonly type: 'withdraw' };

export interface LostNodeSight {
  readonly settings: ReplacementSettings;
  /** EC2's word for its volume; undefined: EC2 does not know it. */
  readonly volumeState: string | undefined;
  /** Of its volume. */
  readonly snapshots: readonly VolumeSnapshot[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Whether Warden replaces a node by itself, and with what. The same volume is best: as long as a host of its zone is there,
 * recovery takes the node to it, and nothing is replaced. Then a volume from the newest snapshot, then an empty one. It
 * never forces anything: whether Kafka can spare what the node has is asked
 * by the machine that replaces it. Source: 1.x guide, automated replacement; design, a lost host.
 */
export function automaticReplacement(
  state: ServiceState,
  goal: NodeGoal,
  { settings, volumeState, snapshots, now }: LostNodeSight,
): AutomaticReplacement {
  const loss = nodeLoss(state, goal, volumeState);
  const asked = openReplacement(state, goal.nodeId);
  if (asked?.why !== undefined && loss === undefined) return { type: 'withdraw' };
  if (loss === undefined || asked !== undefined || isLeftAlone(state, goal, now)) return { type: 'none' };
  const outlook = replacementOutlook(state, goal, { loss, settings, now });
  if (outlook.type !== 'now') return { type: 'wait', outlook };
  const down = new Date(downSince(state, goal) ?? now).toISOString();
  const reason = `${lossSentence(loss)}; it has been down since ${down}`;
  return { type: 'replace', ...choice(goal, snapshots, reason) };
}

/** It runs, or an operator has said that it is to be down, or it was given up. */
function isLeftAlone(state: ServiceState, goal: NodeGoal, now: number): boolean {
  if (isWantedDown(state.wish) || !hasNoTask(state, goal)) return true;
  return mustStayDown(state, goal, now) || deactivationOf(state, goal) !== undefined;
}

function choice({ nodeId, volume }: NodeGoal, snapshots: readonly VolumeSnapshot[], reason: string): OwnReplacement {
  if (roleOf(nodeId) === 'controller') {
    // A voter that has forgotten what it acknowledged could elect a leader that lacks it: it joins anew instead.
    return { volume: 'discard', why: `${reason}. It starts empty and learns the metadata from the other controllers` };
  }
  const usable = snapshots.filter(
    ({ state, volumeId, sizeGiB, startedAt }) =>
      state === 'completed' &&
      volumeId === volume?.id &&
      sizeGiB <= volume.sizeGiB &&
      // What was taken before may be blank, and a disk that is made of a snapshot is never formatted.
      startedAt >= (volume.filledAt ?? 0),
  );
  const [newest] = [...usable].sort((one, other) => other.startedAt - one.startedAt);
  if (newest === undefined || volume?.kafkaFormatted !== true) {
    return {
      volume: 'discard',
      why: `${reason}. There is no completed snapshot of its volume with data, so it starts empty`,
    };
  }
  const { snapshotId, startedAt } = newest;
  const of = new Date(startedAt).toISOString();
  return {
    ...{ volume: 'snapshot', snapshotId },
    why: `${reason}. The newest completed snapshot of its volume, ${snapshotId} of ${of}, saves most of the replication`,
  };
}
