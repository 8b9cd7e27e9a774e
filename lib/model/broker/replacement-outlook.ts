import { isController, type NodeId, podName } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import { downSince } from './down-since.ts';
import { runningNodeIds } from './node-run.ts';
import type { NextForIt, NodeLoss, ReplacementOutlook } from './outlook-sentence.ts';
import type { ReplacementSettings } from './replacement-settings.ts';
import { lastOwnReplacement, replacementsUnderWay } from './replacements-under-way.ts';

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
