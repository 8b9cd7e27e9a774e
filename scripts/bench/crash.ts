import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaPartition } from '../../lib/ports/kafka-admin.ts';
import { addressesOf, areInSync, areLedByOthers, untilPartitions } from '../proof/heals/leaders.ts';
import type { Load, LoadTally } from '../proof/rolls/load/load.ts';
import { brokerIsInSync, kafka, type ReadyNode, untilReady } from './bare-readiness.ts';

/** The death of a broker without a word to anybody, and perhaps of a controller with it. */
export interface Crash {
  readonly bootstrap: string;
  readonly victim: ReadyNode;
  /** Kills by SIGKILL, and looks nothing up before: it is on the clock. */
  readonly kill: () => Promise<void>;
  /** Somebody starts the broker again, and its return is waited for; what is to be done when it is in sync. */
  readonly whenInSync?: () => Promise<void>;
}

export interface CrashSeen {
  /** From before the kill until no partition is led by the dead broker and each has a leader. */
  readonly leadersMovedSeconds: number;
  /** From the kill until a moment after its leaders have moved. */
  readonly stall: LoadTally;
  /** Only of a broker that is started again. */
  readonly back?: {
    /** From before the kill until the broker is in sync again. */
    readonly recoverySeconds: number;
    /** From when it is in sync until a moment after it leads again: it is cold then, and all come to it. */
    readonly tally: LoadTally;
  };
  /** Of all the time that was looked at. */
  readonly tally: LoadTally;
}

/** Until clients have noticed. */
const momentMs = 5_000;

/** Lets it happen under the load. @throws Error when no leader has to move, or they do not within two minutes */
export async function seeCrash({ bootstrap, victim, kill, whenInSync }: Crash, load: Load): Promise<CrashSeen> {
  const { nodeId, address } = victim;
  const all = addressesOf(bootstrap);
  const leads = (partitions: readonly KafkaPartition[]) => partitions.some(({ leader }) => leader === nodeId);
  await kafka.electPreferredLeaders(all);
  const isReady = await untilPartitions(all, (partitions) => areInSync(partitions) && leads(partitions));
  if (isReady === undefined) throw new Error(`broker ${nodeId} leads nothing, or not all is in sync`);
  const others = addressesOf(bootstrap, address);
  // What a cold start piled up is no part of the crash.
  await load.untilCalm();
  const fromMs = Date.now();
  await kill();
  const moved = await untilPartitions(others, (partitions) => areLedByOthers(partitions, nodeId));
  const movedMs = Date.now();
  if (moved === undefined) throw new Error(`the leaders of broker ${nodeId} have not moved`);
  let inSyncMs: number | undefined;
  if (whenInSync !== undefined) {
    await untilReady(`broker ${nodeId} is in sync`, [], () => brokerIsInSync(victim, others));
    inSyncMs = Date.now();
    await whenInSync();
    if ((await untilPartitions(others, leads)) === undefined) throw new Error(`broker ${nodeId} does not lead again`);
  }
  const toMs = Date.now() + momentMs;
  await pause(momentMs);
  const tally = await load.tally(fromMs, toMs);
  const stall = await load.tally(fromMs, movedMs + momentMs);
  const leadersMovedSeconds = (movedMs - fromMs) / 1000;
  if (inSyncMs === undefined) return { leadersMovedSeconds, stall, tally };
  const back = { recoverySeconds: (inSyncMs - fromMs) / 1000, tally: await load.tally(inSyncMs, toMs) };
  return { leadersMovedSeconds, stall, back, tally };
}
