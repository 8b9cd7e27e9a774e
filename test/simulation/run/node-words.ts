import type { World } from '../world.ts';

/** What operators want of a node, as it is stored. */
export interface NodeWishItem {
  readonly service: string;
  readonly nodeId: number;
  readonly restart?: { readonly times: number; readonly requestedAt: number };
  readonly replace?: {
    readonly times: number;
    readonly requestedAt: number;
    readonly volume: 'keep' | 'snapshot' | 'discard';
    readonly volumeId?: string;
    readonly earlierVolumeIds?: readonly string[];
    readonly cancelled?: boolean;
    readonly force: boolean;
  };
  readonly pause?: { readonly requestedAt: number; readonly until?: number };
  /** Failures up to this attempt are forgiven. */
  readonly reactivation?: { readonly attempt: number };
}

export function nodeWishes({ aws }: Pick<World, 'aws'>, service: string): readonly NodeWishItem[] {
  const found: readonly object[] = aws
    .items()
    .filter(({ pk, sk }) => pk === `SERVICE#${service}` && String(sk).startsWith('NODE-WISH#'));
  return found as readonly NodeWishItem[];
}

/** Whether a pause lasts. */
export function isPaused({ pause }: NodeWishItem, now: number): boolean {
  return pause !== undefined && (pause.until === undefined || pause.until > now);
}

/** What of a node's record says how it stands with its replacements. */
export interface PlacedItem {
  readonly configId?: string;
  readonly host?: { readonly instanceId: string; readonly zone: string };
  readonly replaced?: number;
  readonly volume?: { readonly id?: string; readonly generation: number };
  readonly discarded?: readonly { readonly id: string; readonly kept?: true }[];
  /** How many adoptions it has answered. */
  readonly adopted?: number;
  /** In a row, and how many may be followed by another try. */
  readonly failures?: { readonly count: number; readonly lastAttempt: number; readonly tries?: number };
}

type Node = Pick<NodeWishItem, 'service' | 'nodeId'>;

export function placedItem({ aws }: Pick<World, 'aws'>, { service, nodeId }: Node): PlacedItem {
  const found: object | undefined = aws
    .items()
    .find(({ pk, sk }) => pk === `SERVICE#${service}` && sk === `GOAL#${nodeId}`);
  return (found ?? {}) as PlacedItem;
}

/** Whether it has failed more often than its config allows, whatever an operator has said of that since. */
export function triesAreUsedUp({ failures }: Pick<PlacedItem, 'failures'>): boolean {
  return failures?.tries !== undefined && failures.count > failures.tries;
}

/** Whether a replacement was neither decided nor taken back, and speaks of the volume that the node has. */
export function isToBeReplaced({ replace }: NodeWishItem, { replaced = 0, volume }: PlacedItem): boolean {
  if (replace === undefined || replace.cancelled === true || replace.times <= replaced) return false;
  return replace.volume === 'keep' || replace.volumeId === volume?.id;
}
