import type { World } from '../world.ts';

/** A rule that no story may break. */
export interface Invariant {
  /** The rule's id in the scorecard and its sentence. */
  readonly rule: string;
  /** Looks after each step; answers what is wrong. Must be cheap. */
  readonly afterStep?: () => string | undefined;
  /** Looks now and then, and at the end. */
  readonly nowAndThen?: () => string | undefined;
  /** Looks when faults have ended and the world has come to rest. */
  readonly atRest?: () => string | undefined;
}

/** Begins to watch a world. */
export type Watch = (world: World) => Invariant;
