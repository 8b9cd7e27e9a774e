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
