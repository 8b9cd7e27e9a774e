import type { ServiceState, Tombstone } from '../state.ts';
import type { FoundVolume } from './found.ts';
import type { Finding } from './orphan.ts';
import { volumeAboveItsNode } from './rules/volume-above-its-node.ts';
import { volumeBesideItsNode } from './rules/volume-beside-its-node.ts';
import { volumeOfAnUnknownNode } from './rules/volume-of-an-unknown-node.ts';
import { volumeOfAnUnknownService } from './rules/volume-of-an-unknown-service.ts';

/** What the table knows of the name that a volume's tags say. */
export interface KnownOfName {
  readonly state?: Pick<ServiceState, 'target' | 'goals'> | undefined;
  readonly tombstone?: Pick<Tombstone, 'keptVolumeIds'> | undefined;
}

/** What is not right with a volume; undefined: it is known. Those that an uninstall kept are known as long as its tombstone is. */
export function judgeVolume(volume: FoundVolume, { state, tombstone }: KnownOfName): Finding | undefined {
  if (tombstone?.keptVolumeIds.includes(volume.id) === true) return undefined;
  const unknown = volumeOfAnUnknownService(volume, state);
  if (unknown !== undefined || state === undefined) return unknown;
  return (
    volumeOfAnUnknownNode(volume, state) ?? volumeAboveItsNode(volume, state) ?? volumeBesideItsNode(volume, state)
  );
}
