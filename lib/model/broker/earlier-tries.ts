import type { NodeGoal } from '../state.ts';

/** Tries in a row to run a node with one config. */
interface Tries {
  /** When the first one was asked for, epoch milliseconds; absent: ECS refused the newest one, so the next one is the first. */
  readonly since?: number;
}

/**
 * The tries that the next start of a node with this config goes on with; undefined: the node was started with another one,
 * or never. How it failed with another config tells nothing of this one.
 */
export function earlierTries({ launch, configId: current }: NodeGoal, configId: string): Tries | undefined {
  if (launch === undefined || (launch.configId ?? current) !== configId) return undefined;
  return launch.refused === true ? {} : { since: launch.sameConfigSince ?? launch.requestedAt };
}
