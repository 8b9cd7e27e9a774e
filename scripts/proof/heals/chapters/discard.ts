import { podName } from '../../../../lib/model/node.ts';
import { type Chapter, checkStarts, type Story } from '../../rolls/story.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { checkNothingStarts, nodeSeen, type, untilNextTry } from '../nodes.ts';

const broker = 2;

/** An empty volume in place of the one that a node has, as long as all of it is elsewhere too. */
export const discard: Chapter = {
  name: 'discard',
  title: 'a broker and a controller start empty; refused, partitions named, while one has no other in-sync replica',
  run: async (story) => {
    for (const nodeId of [broker, 1000 + broker]) await startEmpty(story, nodeId);
    await refused(story);
  },
};

async function startEmpty(story: Story, nodeId: number): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const was = await nodeSeen(service, nodeId);
  await type(story, 'pod', 'replace', podName(nodeId), '--discard');
  const now = await untilNextTry(service, was);
  findings.check(`${podName(nodeId)} has another volume`, now.volumeId !== was.volumeId, [was.volumeId, now.volumeId]);
  await service.untilSettled(3);
  const synced = await untilPartitions(addressesOf(await service.bootstrap()), areInSync, 900);
  findings.check('all replicas are in sync', synced !== undefined, synced?.length ?? 'no');
  await checkStarts(story, startedAt, { [nodeId]: 1 });
}

/** A topic with one replica, which is this broker's. */
async function refused(story: Story): Promise<void> {
  const { cluster, service, findings } = story;
  const topic = `single-${story.fresh()}`;
  const server = ['--bootstrap-server', await service.bootstrap()];
  const assignment = ['--replica-assignment', String(broker)];
  await cluster.kafkaTool('kafka-topics.sh', ...server, '--create', '--topic', topic, ...assignment);
  const was = await nodeSeen(service, broker);
  const told = await cluster.cli('pod', 'replace', podName(broker), '--discard');
  findings.keep(told.command, told);
  await checkNothingStarts(story, 30);
  const status = await cluster.cli('pod', 'info', podName(broker));
  const recovery = await cluster.cli('plan', 'show', 'recovery');
  findings.keep('what the pod shows', status);
  const words = [told, status, recovery].map(({ stdout, stderr }) => stdout + stderr).join('\n');
  findings.check(`it is refused, and ${topic}-0 is named`, words.includes(`${topic}-0`), words);
  const now = await nodeSeen(service, broker);
  findings.check('the broker was not touched', now.taskArn === was.taskArn && now.state === 'RUNNING', now);
  await cluster.cli('pod', 'resume', podName(broker));
  await cluster.kafkaTool('kafka-topics.sh', ...server, '--delete', '--topic', topic);
}
