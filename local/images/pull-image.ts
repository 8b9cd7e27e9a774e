import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchJars, hasPom, isComplete } from './fetch-jars.ts';
import type { Image } from './image.ts';
import { cannotPull, kafkaVersionOf, openImage } from './kafka-image.ts';
import { dropLock, takeLock } from './lock.ts';

const LOOK_EVERY_MS = 200;

/** Where images are pulled to. */
export interface PullOptions {
  readonly optFolder: string;
  readonly log: (line: string) => void;
  /** Told the version of Kafka when this very call has fetched it. */
  readonly onFetched?: (version: string) => void;
  /** The program to run instead of `mvn`. */
  readonly maven?: string;
}

/**
 * The image of a name as a task definition gives it, fetched at its first use on this machine: Maven Central is the
 * registry. Of several hosts that want it at once, one fetches and the others wait.
 * @throws Error in ECS's words (CannotPullContainerError) when there is no such image or it could not be fetched
 */
export async function pullImage(options: PullOptions, name: string): Promise<Image> {
  const version = kafkaVersionOf(name);
  const artifact = `kafka-${version}`;
  if (!isComplete(options.optFolder, artifact)) {
    if (!hasPom(artifact)) throw cannotPull(name, `there is no POM for ${artifact} in local/maven`);
    const isOurs = await fetchOnce(options, artifact).catch((error: Error) => {
      throw cannotPull(name, error.message);
    });
    if (isOurs) options.onFetched?.(version);
  }
  return openImage(options.optFolder, name);
}

/** Whether it was fetched here, and not by another while we waited. */
async function fetchOnce(options: PullOptions, artifact: string): Promise<boolean> {
  mkdirSync(options.optFolder, { recursive: true });
  const lock = join(options.optFolder, `${artifact}.lock`);
  while (!takeLock(lock)) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  try {
    if (isComplete(options.optFolder, artifact)) return false;
    await fetchJars({ ...options, artifacts: [artifact] });
    return true;
  } finally {
    dropLock(lock);
  }
}
