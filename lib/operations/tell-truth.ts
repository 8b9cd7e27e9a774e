import { judgeTask } from '../model/truth/judge-task.ts';
import type { Finding, Orphan } from '../model/truth/orphan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Tasks } from '../ports/tasks.ts';
import type { VolumeFindings } from './look-at-volumes.ts';
import { readFoundTask } from './read-found.ts';

const mostTasks = 1_000;
const mostOrphans = 100;

type Ports = { readonly store: Store; readonly tasks: Tasks; readonly clock: Clock };

/**
 * Compares all tasks of the cluster with the table, stops the leftovers of tries that are over, and stores what else is
 * not known, with what the look at the volumes found; absent: that look failed. Nothing of it is touched. The only writer
 * of ORPHANS. Idempotent.
 */
export async function tellTruth(ports: Ports, volumes: VolumeFindings | undefined): Promise<void> {
  const lookedAt = ports.clock();
  const tasks = await lookAtTasks(ports);
  const before = await ports.store.readOrphans();
  const found = [...tasks.findings, ...(volumes?.findings ?? [])].map((finding): Orphan => {
    const known = before?.found.find(({ id, why }) => id === finding.id && why === finding.why);
    return { ...finding, since: known?.since ?? lookedAt };
  });
  await ports.store.putOrphans({
    lookedAt,
    found: found.slice(0, mostOrphans),
    more: Math.max(0, found.length - mostOrphans) + (volumes?.more ?? 0),
    unread: [
      ...(tasks.isCut ? [`only the first ${mostTasks} tasks were looked at`] : []),
      ...(volumes === undefined ? ['EC2 did not list the volumes'] : []),
      ...(volumes?.isCut === true ? ['not all volumes were looked at'] : []),
    ],
  });
}

async function lookAtTasks(ports: Ports): Promise<{ readonly findings: readonly Finding[]; readonly isCut: boolean }> {
  const { taskArns, hasMore } = await ports.tasks.listRunning(mostTasks);
  const found = (await ports.tasks.describeMany(taskArns)).flatMap((view) => readFoundTask(view) ?? []);
  const findings: Finding[] = [];
  for (const service of new Set(found.map((task) => task.service))) {
    // After the cloud: numbers are stored before tasks are asked for.
    const state = await ports.store.readService(service);
    for (const task of found.filter((candidate) => candidate.service === service)) {
      const judgement = judgeTask(task, state);
      if (judgement.type === 'orphan') findings.push(judgement.finding);
      if (judgement.type === 'leftover') {
        await ports.tasks.stop(task.taskArn, 'warden: a later try of the node is wanted');
      }
    }
  }
  return { findings, isCut: hasMore };
}
