import { cpus } from 'node:os';

const lookMs = 5000;

/**
 * How many processors are at work, by the kernel's own counters over some seconds: unlike the load average it has
 * forgotten what was at work a minute ago, for example this program's own installation.
 */
export async function processorsAtWork(): Promise<number> {
  const before = cpus();
  await new Promise((done) => setTimeout(done, lookMs));
  return workBetween(before, cpus());
}

interface Processor {
  readonly times: Readonly<Record<'user' | 'nice' | 'sys' | 'idle' | 'irq', number>>;
}

/** Sum of the shares of time in which each processor was not idle. */
export function workBetween(before: readonly Processor[], after: readonly Processor[]): number {
  return after.reduce((sum, { times }, index) => {
    const since = before[index]?.times ?? times;
    const all = Object.entries(times).reduce((total, [kind, ms]) => total + ms - since[kind as keyof typeof since], 0);
    return sum + (all === 0 ? 0 : 1 - (times.idle - since.idle) / all);
  }, 0);
}
