import { setTimeout as pause } from 'node:timers/promises';
import { createKafkaAdmin } from '../../../lib/kafka/kafka-admin.ts';
import type { KafkaAddress, KafkaPartition } from '../../../lib/ports/kafka-admin.ts';

const admin = createKafkaAdmin({ clientId: 'proof' });
const lookEveryMs = 20;

/** `10.0.0.1:9092,…` as addresses, without those of a host. */
export function addressesOf(bootstrap: string, without?: string): readonly KafkaAddress[] {
  return bootstrap
    .split(',')
    .map((text) => ({
      host: text.slice(0, text.lastIndexOf(':')),
      port: Number(text.slice(text.lastIndexOf(':') + 1)),
    }))
    .filter(({ host }) => host !== without);
}

/** Looks at all partitions until they are as wanted; errors of Kafka are no. Undefined when it is not so in time. */
export async function untilPartitions(
  addresses: readonly KafkaAddress[],
  areAsWanted: (partitions: readonly KafkaPartition[]) => boolean,
  withinSeconds = 120,
): Promise<readonly KafkaPartition[] | undefined> {
  const end = performance.now() + withinSeconds * 1000;
  while (performance.now() < end) {
    const partitions = await admin.listPartitions(addresses).catch(() => undefined);
    if (partitions !== undefined && areAsWanted(partitions)) return partitions;
    await pause(lookEveryMs);
  }
  return undefined;
}

/** Whether no partition is led by that broker any more, and each has a leader. */
export function areLedByOthers(partitions: readonly KafkaPartition[], brokerId: number): boolean {
  return partitions.every(({ leader }) => leader !== null && leader !== brokerId);
}

/** Whether every replica of every partition is in sync. */
export function areInSync(partitions: readonly KafkaPartition[]): boolean {
  return (
    partitions.length > 0 &&
    partitions.every(({ replicas, isr, leader }) => leader !== null && isr.length === replicas.length)
  );
}
