import { optionsOf } from '../../model/broker/node-task.ts';
import { openReplacement } from '../../model/broker/open-replacement.ts';
import type { NodeVolume } from '../../model/node-volume.ts';
import type { NodeReplacement } from '../../model/node-wish.ts';
import type { Host } from '../../model/placement/host.ts';
import type { ServiceConfig } from '../../model/service/config.ts';
import type { NodeGoal, NodeHost } from '../../model/state.ts';
import type { HeldNode } from './node-step.ts';
import type { Place } from './place-decision.ts';

const mibPerGib = 1024;

/** What is stored of a node whose place was decided. */
export function placedGoal(
  { goal, state }: Pick<HeldNode, 'goal' | 'state'>,
  config: ServiceConfig,
  place: Extract<Place, { readonly on: Host }>,
): NodeGoal {
  const host = nodeHost(place.on);
  if (place.type === 'to promise' && place.newVolumeBy !== undefined) {
    return withNewVolume(goal, { config, host, asked: place.newVolumeBy });
  }
  const placed = { ...goal, host, volume: volumeAt(goal, config, host) };
  const asked = openReplacement(state, goal.nodeId);
  const isElsewhere = goal.host !== undefined && goal.host.instanceId !== host.instanceId;
  return asked?.volume === 'keep' && isElsewhere ? { ...placed, ...replacedBy(goal, asked) } : placed;
}

/** What went wrong at the place before is no reason to wait at the new one. */
function replacedBy({ failures }: NodeGoal, { times }: NodeReplacement): Pick<NodeGoal, 'replaced' | 'failures'> {
  return { replaced: times, failures: { ...failures, count: 0 } };
}

/**
 * The number of the volume is stored before it is made, and the old one is kept in mind until it is deleted, which Warden's
 * own decision is no reason for. One whose id was never learnt holds nothing, and stays unless the zone is another one;
 * should it exist then, it is told as an orphan.
 */
function withNewVolume(
  goal: NodeGoal,
  { config, host, asked }: { readonly config: ServiceConfig; readonly host: NodeHost; readonly asked: NodeReplacement },
): NodeGoal {
  const { volume: old, preparation, discarded = [] } = goal;
  // Nobody has learnt its id: nothing was ever written to it, and it will do.
  const isEmpty =
    old !== undefined &&
    old.id === undefined &&
    old.zone === host.zone &&
    old.snapshotId === undefined &&
    asked.volume === 'discard';
  const isKept = asked.why === undefined ? {} : { kept: true as const };
  const without = old?.id === undefined ? [] : [{ id: old.id, generation: old.generation, ...isKept }];
  const left = [...discarded, ...without];
  return {
    ...goal,
    ...replacedBy(goal, asked),
    host,
    volume: isEmpty ? old : newVolume(goal, config, { host, asked }),
    ...(left.length === 0 ? {} : { discarded: left }),
    // It was of the old disk, and says nothing of the new one.
    ...(preparation === undefined ? {} : { preparation: { ...preparation, refused: true } }),
  };
}

/** A volume that moves is remembered where it was: it may be attached there for a while. */
function volumeAt(goal: NodeGoal, config: ServiceConfig, host: NodeHost): NodeVolume {
  const before = goal.host?.instanceId;
  const volume = goal.volume ?? newVolume(goal, config, { host });
  if (before === undefined || before === host.instanceId) return volume;
  const movedFrom = [...(volume.movedFrom ?? []), before].filter((instanceId) => instanceId !== host.instanceId);
  return { ...volume, movedFrom: [...new Set(movedFrom)] };
}

/** An empty one, or one with what the snapshot holds, which is never formatted. */
function newVolume(
  { nodeId, volume: old }: NodeGoal,
  config: ServiceConfig,
  { host: { zone }, asked }: { readonly host: NodeHost; readonly asked?: NodeReplacement },
): NodeVolume {
  const sizeGiB = Math.max(Math.ceil(optionsOf(config, nodeId).disk / mibPerGib), old?.sizeGiB ?? 0);
  const { snapshotId } = asked ?? {};
  const isFormatted = asked?.volume === 'snapshot';
  return {
    ...{ generation: (old?.generation ?? 0) + 1, zone, sizeGiB },
    ...(isFormatted && snapshotId !== undefined ? { snapshotId } : {}),
    ...{ fileSystemMade: isFormatted, kafkaFormatted: isFormatted },
  };
}

export function nodeHost(host: Host): NodeHost {
  const { instanceId, containerInstanceArn, address, zone } = host;
  return { instanceId, containerInstanceArn, address, zone };
}
