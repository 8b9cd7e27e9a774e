/** Pools of threads that Kafka grows to the double and shrinks to the half at once, and no further. */
const threadPools: ReadonlySet<string> = new Set([
  'background.threads',
  'log.cleaner.threads',
  'num.io.threads',
  'num.network.threads',
  'num.recovery.threads.per.data.dir',
  'num.replica.fetchers',
]);

/**
 * The value on the way to the wanted one that a running broker takes next; the wanted one itself where nothing is in the
 * way. Source: DynamicThreadPool, DataPlaneAcceptor and LogCleaner of Kafka 4.3.1, which halve in whole numbers.
 */
export function nextValue(property: string, { inForce, wanted }: { inForce: string; wanted: string }): string {
  const threads = Number(inForce);
  if (!threadPools.has(property) || !(threads >= 1)) return wanted;
  const least = Math.max(1, Math.floor(threads / 2));
  return String(Math.min(threads * 2, Math.max(least, Number(wanted))));
}
