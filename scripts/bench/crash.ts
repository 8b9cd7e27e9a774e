import { setTimeout as pause } from 'node:timers/promises';
import { addressesOf, areInSync, areLedByOthers, untilPartitions } from '../proof/heals/leaders.ts';
import type { Load, LoadTally } from '../proof/rolls/load/load.ts';
import { brokerIsInSync, kafka, type ReadyNode, untilReady } from './bare-readiness.ts';

/** The death of a broker without a word to anybody, and perhaps of a controller with it. */
export interface Crash {
  readonly bootstrap: string;
  readonly victim: ReadyNode;
  /** Kills by SIGKILL, and looks nothing up before: it is on the clock. */
  readonly kill: () => Promise<void>;
  /** Whether somebody starts the broker again, so that its return is waited for. */
  readonly returns: boolean;
}

export interface CrashSeen {
  /** From before the kill until no partition is led by the dead broker and each has a leader. */
  readonly leadersMovedSeconds: number;
  /** From before the kill until the broker is in sync again. */
  readonly recoverySeconds?: number;
  /** Of the same time on all sides, and as long as the recovery takes where there is one. */
  readonly tally: LoadTally;
}

/** Kafka's own failover takes a session of 9 s, and twice that when the controller dies with the broker. */
const leastWindowMs = 30_000;

/** Lets it happen under the load. @throws Error when no leader has to move, or they do not within two minutes */
export async function seeCrash({ bootstrap, victim, kill, returns }: Crash, load: Load): Promise<CrashSeen> {
  const { nodeId, address } = victim;
  const all = addressesOf(bootstrap);
  await kafka.electPreferredLeaders(all);
  const isReady = await untilPartitions(
    all,
    (partitions) => areInSync(partitions) && partitions.some(({ leader }) => leader === nodeId),
  );
  if (isReady === undefined) throw new Error(`broker ${nodeId} leads nothing, or not all is in sync`);
  const others = addressesOf(bootstrap, address);
  // What a cold start piled up is no part of the crash.
  await load.untilCalm();
  const fromMs = Date.now();
  await kill();
  const moved = await untilPartitions(others, (partitions) => areLedByOthers(partitions, nodeId));
  const leadersMovedSeconds = (Date.now() - fromMs) / 1000;
  if (moved === undefined) throw new Error(`the leaders of broker ${nodeId} have not moved`);
  if (returns) await untilReady(`broker ${nodeId} is in sync`, [], () => brokerIsInSync(victim, others));
  const recoverySeconds = (Date.now() - fromMs) / 1000;
  await pause(Math.max(0, fromMs + leastWindowMs - Date.now()));
  const tally = await load.tally(fromMs, Date.now());
  return { leadersMovedSeconds, tally, ...(returns ? { recoverySeconds } : {}) };
}
