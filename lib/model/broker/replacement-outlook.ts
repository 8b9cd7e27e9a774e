import { isController, type NodeId, podName } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { downSince } from './down-since.ts';
import { lossSentence, type NodeLoss } from './node-loss.ts';
import { runningNodeIds } from './node-run.ts';
import type { ReplacementSettings } from './replacement-settings.ts';
import { lastOwnReplacement, replacementsUnderWay } from './replacements-under-way.ts';

/** What becomes of a node that cannot run where its volume is. */
export type ReplacementOutlook = { readonly pod: string; readonly loss: NodeLoss } & NextForIt;

type NextForIt =
  /** The only voter has what nobody else has. */
  | { readonly type: 'nobody can' }
  /** `enable_replacement` is off. */
  | { readonly type: 'operator' }
  | { readonly type: 'stop not proven' }
  /** Not before then (epoch milliseconds). */
  | { readonly type: 'later'; readonly notBefore: number; readonly why: 'grace period' | 'delay' }
  | { readonly type: 'after another'; readonly other: string }
  | { readonly type: 'no quorum'; readonly running: number; readonly needed: number }
  | { readonly type: 'now' };

interface OutlookCase {
  readonly loss: NodeLoss;
  readonly settings: ReplacementSettings;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Judged by what is stored; whether Kafka can spare what the node has is asked before anything of it is given up. */
export function replacementOutlook(state: ServiceState, goal: NodeGoal, of: OutlookCase): ReplacementOutlook {
  return { pod: podName(goal.nodeId), loss: of.loss, ...nextForIt(state, goal, of) };
}

function nextForIt(state: ServiceState, goal: NodeGoal, { loss, settings, now }: OutlookCase): NextForIt {
  const { target } = state;
  if (isController(target, goal.nodeId) && target.controllerIds.length === 1) return { type: 'nobody can' };
  if (!settings.isEnabled) return { type: 'operator' };
  const down = downSince(state, goal);
  if (down === undefined) return { type: 'stop not proven' };
  const graceEnds = Math.max(down, loss.type === 'zone' ? loss.since : down) + settings.graceMs;
  if (graceEnds > now) return { type: 'later', notBefore: graceEnds, why: 'grace period' };
  const [other] = replacementsUnderWay(state);
  if (other !== undefined) return { type: 'after another', other: podName(other) };
  const delayEnds = (lastOwnReplacement(state) ?? Number.NEGATIVE_INFINITY) + settings.delayMs;
  if (delayEnds > now) return { type: 'later', notBefore: delayEnds, why: 'delay' };
  const { running, needed } = quorumWithout(state, goal.nodeId);
  return running < needed ? { type: 'no quorum', running, needed } : { type: 'now' };
}

/** Controllers that run beside the node, and how many a majority of all of them is. */
function quorumWithout(state: ServiceState, nodeId: NodeId): { readonly running: number; readonly needed: number } {
  const { controllerIds } = state.target;
  const running = runningNodeIds(state).filter((id) => id !== nodeId && controllerIds.includes(id)).length;
  return { running, needed: Math.floor(controllerIds.length / 2) + 1 };
}

/** As a sentence without its full stop. */
export function outlookSentence(outlook: ReplacementOutlook): string {
  return `${lossSentence(outlook.loss)}: ${nextSentence(outlook)}`;
}

function nextSentence({ pod, ...next }: ReplacementOutlook): string {
  switch (next.type) {
    case 'nobody can':
      return `${pod} is the only voter of the quorum, and nobody else has the metadata of the cluster: it goes on when host and volume are back`;
    case 'operator':
      return `"warden pod replace ${pod} --discard" starts it with an empty volume, which Kafka fills from the other replicas; with service.enable_replacement Warden does so by itself`;
    case 'stop not proven':
      return 'nothing proves that its process is gone, so it is not replaced';
    case 'later':
      return `it is replaced by itself after ${new Date(next.notBefore).toISOString()}, when its ${next.why === 'delay' ? 'least time since the last replacement (min_delay_between_recovers_secs)' : 'grace period (recover_in_place_grace_period_secs)'} is over`;
    case 'after another':
      return next.other === pod ? 'it is being replaced' : `it is replaced by itself after ${next.other}`;
    case 'no quorum':
      return `it is replaced by itself once ${next.needed} controllers run beside it; ${next.running} do`;
    case 'now':
      return 'it is replaced by itself with the next look, within five minutes';
  }
}
