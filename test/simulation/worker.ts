import { parentPort, workerData } from 'node:worker_threads';
import type { SimulatedStack } from './cloud/stack.ts';
import { type Job, runJob } from './run/job.ts';
import { tallyOf } from './run/tally.ts';

/** A thread that does one run after another: it asks for the next by answering the last. */
const stack: SimulatedStack = workerData;

parentPort?.on('message', (job: Job) => {
  const before = process.threadCpuUsage();
  runJob(job, stack).then(
    (report) => {
      const { user, system } = process.threadCpuUsage(before);
      parentPort?.postMessage(tallyOf(report, (user + system) / 1000, job));
    },
    (error: unknown) => {
      // The simulation itself broke: the main thread ends with this error.
      throw error;
    },
  );
});
