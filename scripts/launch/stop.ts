import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isAlive, listLiveProcesses, type RecordedProcess } from '../../local/core/processes.ts';
import { goneProcess, runningCloud } from './cloud-process.ts';
import { cloudFolder } from './folders.ts';

const graceMs = 60_000;
const pollMs = 250;

/** Ends everything that a start left in this data folder: in order if the cloud lives, else what is recorded. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const dataFolder = resolve(values.data ?? '.warden');
  const cloud = runningCloud(dataFolder);
  if (cloud !== undefined) {
    process.stderr.write('Stopping: brokers, controllers, then the local cloud ...\n');
    process.kill(cloud, 'SIGTERM');
    await goneProcess(cloud);
  }
  const left = listLiveProcesses(cloudFolder(dataFolder)).filter(({ pid }) => pid !== process.pid);
  // Agents before tasks would report their end as a crash of the host: tasks first, so that exit codes are kept.
  const tasks = left.filter(({ kind }) => kind.startsWith('task'));
  wake(left);
  await end(tasks);
  await end(left.filter((record) => !tasks.includes(record)));
  process.stderr.write(cloud === undefined && left.length === 0 ? 'Nothing was running.\n' : 'Stopped.\n');
}

/** SIGTERM, and SIGKILL for what is left after a minute. */
async function end(records: readonly RecordedProcess[]): Promise<void> {
  signal(records, 'SIGTERM');
  const until = Date.now() + graceMs;
  while (records.some(isAlive) && Date.now() < until) await new Promise((done) => setTimeout(done, pollMs));
  signal(records.filter(isAlive), 'SIGKILL');
}

/** What a SIGSTOP holds would not hear a SIGTERM; the group of a container's program is led by its wrapper. */
function wake(records: readonly RecordedProcess[]): void {
  for (const { pid } of records) {
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, 'SIGCONT');
      } catch {
        // It has ended, or leads no group.
      }
    }
  }
}

function signal(records: readonly RecordedProcess[], name: NodeJS.Signals): void {
  for (const { pid, kind } of records) {
    process.stderr.write(`${name} ${kind} (pid ${pid})\n`);
    try {
      process.kill(pid, name);
    } catch {
      // It ended in between.
    }
  }
}

await main();
