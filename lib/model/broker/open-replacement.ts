import { isWantedDown } from '../is-wanted-down.ts';
import type { NodeId } from '../node.ts';
import type { NodeReplacement } from '../node-wish.ts';
import { planBringsUp } from '../plan/plan-brings-up.ts';
import type { NodeGoal, ServiceState } from '../state.ts';
import type { DiscardedVolume } from './discard-refusal.ts';
import { hasNoTask } from './node-run.ts';

type Words = Pick<ServiceState, 'nodeWishes' | 'goals'>;

/**
 * The replacement of a node that was asked for and not decided yet; undefined: there is none, or it was taken back. One
 * that gives up a volume speaks of that very volume: of a node that has another one it says nothing.
 */
export function openReplacement({ nodeWishes, goals }: Words, nodeId: NodeId): NodeReplacement | undefined {
  const replace = nodeWishes.find((wish) => wish.nodeId === nodeId)?.replace;
  const goal = goals.find((candidate) => candidate.nodeId === nodeId);
  if (replace === undefined || replace.cancelled === true || replace.times <= (goal?.replaced ?? 0)) return undefined;
  return replace.volume === 'keep' || replace.volumeId === goal?.volume?.id ? replace : undefined;
}

/** The same of one that gives up the node's volume, for an empty one or for one made of a snapshot. */
export function openDiscard(words: Words, nodeId: NodeId): NodeReplacement | undefined {
  const open = openReplacement(words, nodeId);
  return open?.volume === 'keep' ? undefined : open;
}

/** Whether an execution has to answer such a wish: a node that is down and that a plan's next step starts is answered by that. */
export function replacementIsWanted(state: ServiceState, goal: NodeGoal): boolean {
  if (isWantedDown(state.wish) || goal.attempt === 0) return false;
  if (openReplacement(state, goal.nodeId) === undefined) return false;
  return !hasNoTask(state, goal) || !planBringsUp(state, goal.nodeId);
}

/** The volumes of a node that are to be deleted now: it was in sync without them, and an operator's wish names them. */
export function volumesToDelete({ nodeWishes }: Pick<Words, 'nodeWishes'>, goal: NodeGoal): readonly DiscardedVolume[] {
  const named = namedVolumes(nodeWishes.find(({ nodeId }) => nodeId === goal.nodeId)?.replace);
  return (goal.discarded ?? []).filter(
    ({ id, needless, kept }) => needless === true && kept !== true && id !== goal.volume?.id && named.includes(id),
  );
}

/** The volumes that a wish allows to be deleted. */
function namedVolumes(replace: NodeReplacement | undefined): readonly string[] {
  if (replace === undefined) return [];
  return [...(replace.volumeId === undefined ? [] : [replace.volumeId]), ...(replace.earlierVolumeIds ?? [])];
}
