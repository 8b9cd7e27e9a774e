import type { Random } from '../contract.ts';
import type { Scene } from '../run/scene.ts';

/** Something that somebody does to the world at some time. */
export interface Command {
  readonly what: string;
  readonly act: (scene: Scene, random: Random) => Promise<void> | void;
}

/** A command and when it comes, in milliseconds after the beginning. */
export interface TimedCommand extends Command {
  readonly atMs: number;
}
