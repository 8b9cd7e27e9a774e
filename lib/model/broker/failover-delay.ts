const firstDelaySeconds = 10;
const maxDelaySeconds = 60;

/**
 * Seconds between an unasked stop and the next start: 10, 20, 40, then 60, by the number of failures since the node
 * was last in sync. Source: mesos/kafka guide, failover settings (delay 10s, maxDelay 60s).
 */
export function failoverDelaySeconds(failures: number): number {
  if (failures <= 0) return 0;
  return Math.min(firstDelaySeconds * 2 ** (failures - 1), maxDelaySeconds);
}

/** When a node may start again, in epoch milliseconds: at once after a stop that was asked for, else after the delay. */
export function nextStartDueAt(
  stop: { readonly stoppedAt?: number; readonly asked: boolean },
  failures: number,
): number {
  return (stop.stoppedAt ?? 0) + (stop.asked ? 0 : failoverDelaySeconds(failures)) * 1000;
}
