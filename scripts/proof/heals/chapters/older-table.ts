import { podName } from '../../../../lib/model/node.ts';
import { until } from '../../rights/installation.ts';
import type { Service } from '../../rolls/service.ts';
import { type Chapter, checkStarts, type Story } from '../../rolls/story.ts';
import { cloudOf } from '../cloud.ts';
import { checkNothingStarts, killJvm, nodeSeen, nodesSeen, type, untilNextTry } from '../nodes.ts';

const tried = [1, 1002];
const all = [0, 1, 2, 1000, 1001, 1002];

/** The table is restored from a backup that is older than a broker's and a controller's newest try. */
export const olderTable: Chapter = {
  name: 'older-table',
  title: 'a restored older table: nothing is deleted, stopped or started, all is reported; then adopted by an operator',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const cloud = cloudOf(cluster);
    const backup = await cloud.items();
    for (const nodeId of tried) await untilNextTry(service, await killJvm(story, nodeId));
    await service.untilSettled(3);
    const before = await nodesSeen(service, all);
    const volumes = await cloud.volumeIds();
    const restoredAt = Date.now();
    await cloud.restore(backup);
    await cloud.reconcile();
    const orphans = await seeReports(
      story,
      before.filter(({ nodeId }) => tried.includes(nodeId)).map(({ taskArn }) => taskArn),
    );
    findings.keep('orphans', orphans);
    await checkNothingStarts(story, 15);
    await cloud.reconcile();
    await checkUntouched(story, { before, volumes, restoredAt });
    for (const nodeId of tried) await type(story, 'pod', 'adopt', podName(nodeId));
    for (const { nodeId, attempt } of before.filter((one) => tried.includes(one.nodeId)))
      await until(`${podName(nodeId)} is adopted`, 300, async () =>
        (await nodeSeen(service, nodeId)).attempt === attempt ? true : undefined,
      );
    await service.untilSettled(3);
    await cloud.reconcile();
    const left = await listed(service);
    findings.check('after the adoption nothing is unknown', left.length === 0, left);
    await checkUntouched(story, { before, volumes, restoredAt });
    const was = await killJvm(story, tried[0] ?? 1);
    const now = await untilNextTry(service, was);
    findings.check('its tries go on above the highest', now.attempt === was.attempt + 1, [was.attempt, now.attempt]);
    await service.untilSettled(3);
  },
};

async function seeReports(story: Story, taskArns: readonly string[]): Promise<unknown> {
  const { service, findings } = story;
  const orphans = await listed(service);
  findings.check(
    'each task that the table does not know is reported',
    taskArns.every((arn) => orphans.some(({ id }) => id === arn)),
    orphans,
  );
  await type(story, 'orphans');
  return orphans;
}

async function listed(service: Service): Promise<readonly { readonly id: string; readonly why: string }[]> {
  return ((await service.call('GET', '/orphans')).body as { readonly orphans: [] }).orphans;
}

interface Before {
  readonly before: readonly { readonly nodeId: number; readonly taskArn: string }[];
  readonly volumes: readonly string[];
  readonly restoredAt: number;
}

async function checkUntouched(story: Story, { before, volumes, restoredAt }: Before): Promise<void> {
  const { cluster, findings } = story;
  const cloud = cloudOf(cluster);
  const now = await cloud.volumeIds();
  findings.check('no volume was deleted or made', now.join() === volumes.join(), {
    before: volumes.length,
    now: now.length,
  });
  const tasks = await Promise.all(before.map(({ taskArn }) => cloud.task(taskArn)));
  findings.check(
    'no task was stopped',
    tasks.every(({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING'),
    tasks.map(({ lastStatus, desiredStatus }) => `${lastStatus}, wanted ${desiredStatus}`),
  );
  await checkStarts(story, restoredAt, {});
}
