import type { SimulatedStack } from '../cloud/stack.ts';
import type { CrashPoint } from '../faults/one-crash.ts';
import { type LifeName, lives, runLife } from './crash-points.ts';
import type { Report } from './run-scenario.ts';
import { runSeed } from './run-seed.ts';

/** One run, as a thread is given it. */
export type Job =
  | { readonly type: 'seed'; readonly seed: string }
  | { readonly type: 'crash'; readonly life: LifeName; readonly crash: CrashPoint };

export function runJob(job: Job, stack: SimulatedStack): Promise<Report> {
  switch (job.type) {
    case 'seed':
      return runSeed(job.seed, stack);
    case 'crash':
      return runLife(lives[job.life], stack, job.crash);
  }
}
