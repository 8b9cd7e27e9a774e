import type { World } from '../world.ts';

/** What operators want of a node, as it is stored. */
export interface NodeWishItem {
  readonly service: string;
  readonly nodeId: number;
  readonly restart?: { readonly times: number; readonly requestedAt: number };
  readonly pause?: { readonly requestedAt: number; readonly until?: number };
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
