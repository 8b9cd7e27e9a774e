import { brokerIds } from '../../lib/model/node.ts';
import { until } from '../proof/rights/installation.ts';
import { kafka } from './bare-readiness.ts';
import { costOfAMinute, type ExecutionCost, endedAt } from './histories.ts';
import type { WardenSide } from './warden-side.ts';

/** A wait's first minute holds its begin. */
const firstMinuteMs = 60_000;

/**
 * What a roll costs while it waits: the processes of one broker are held (SIGSTOP), its replicas fall out of sync, and a
 * roll has to wait for them. Then it goes on, and the roll ends. Counts the minutes after the first.
 */
export async function costOfWaiting(warden: WardenSide, change: object, minutes: number): Promise<ExecutionCost> {
  const [held = 0] = brokerIds(3).slice(-1);
  const starts = (await warden.service.starts(0)).filter(({ nodeId }) => nodeId === held);
  const leader = warden.cluster.processOf(starts.at(-1)?.taskArn ?? '', 'container')?.pid;
  if (leader === undefined) throw new Error(`broker ${held} has no process on this machine`);
  // The watchdog in the container is held too, or it would end the broker.
  const pid = -leader;
  process.kill(pid, 'SIGSTOP');
  try {
    await untilOutOfSync(warden, held);
    const { planId } = await warden.service.update(change);
    const waitsFrom = Date.now();
    await new Promise((done) => setTimeout(done, minutes * 60_000));
    const toMs = Date.now();
    const waiting = (await warden.nodeHistories(planId)).find((history) => endedAt([history]) === undefined);
    if (waiting === undefined) throw new Error(`plan ${planId} has no execution that waits`);
    resume(pid);
    await warden.untilComplete(planId);
    return costOfAMinute(waiting.events, { fromMs: waitsFrom + firstMinuteMs, toMs });
  } finally {
    resume(pid);
  }
}

async function untilOutOfSync(warden: WardenSide, nodeId: number): Promise<void> {
  const addresses = (await warden.service.bootstrap()).split(',').map((text) => {
    const [host = '', port] = text.split(':');
    return { host, port: Number(port) };
  });
  await until(`broker ${nodeId} is out of sync`, 180, async () => {
    const partitions = await kafka.listPartitions(addresses);
    return partitions.some(({ replicas, isr }) => replicas.includes(nodeId) && !isr.includes(nodeId))
      ? true
      : undefined;
  });
}

function resume(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // ESRCH: the roll has restarted it already.
  }
}
