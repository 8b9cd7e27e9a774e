import { setTimeout as sleep } from 'node:timers/promises';
import { Stopping } from './engine.ts';

/**
 * Waits.
 *
 * @throws Stopping when the cloud stops meanwhile
 */
export async function pause(delayMs: number, stopping: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal: stopping });
  } catch {
    // The only way in which a sleep fails is its signal.
    throw new Stopping();
  }
}
