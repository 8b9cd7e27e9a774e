import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { podName } from '../../../../lib/model/node.ts';
import { until } from '../../rights/installation.ts';
import { type Chapter, checkStarts, once, type Story } from '../../rolls/story.ts';
import { cloudOf } from '../cloud.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { checkNothingStarts, type NodeSeen, nodeSeen, type, untilNextTry, untilWaitsFor } from '../nodes.ts';

const [broker, controller] = [2, 1002];
const records = 100;

/** An empty volume in place of the one that a node has, as long as all of it is elsewhere too. */
export const discard: Chapter = {
  name: 'discard',
  title: 'a broker and a controller start empty; refused, partition named, until that has another in-sync replica',
  run: async (story) => {
    await waitsForTheLastCopy(story);
    await startEmpty(story, controller);
  },
};

/** Asks for an empty volume of the node, and checks that it has one and nothing else was touched. */
async function startEmpty(
  story: Story,
  nodeId: number,
  meanwhile: (was: NodeSeen) => Promise<void> = async () => undefined,
): Promise<void> {
  const { cluster, service, findings } = story;
  const startedAt = Date.now();
  const was = await nodeSeen(service, nodeId);
  await type(story, 'pod', 'replace', podName(nodeId), '--discard');
  await meanwhile(was);
  const now = await untilNextTry(service, was);
  findings.check(`${podName(nodeId)} has another volume`, now.volumeId !== was.volumeId, [was.volumeId, now.volumeId]);
  await service.untilSettled(3);
  const synced = await untilPartitions(addressesOf(await service.bootstrap()), areInSync, 900);
  findings.check('all replicas are in sync', synced !== undefined, synced?.length ?? 'no');
  await until(`the old volume of ${podName(nodeId)} is deleted`, 300, async () =>
    (await cloudOf(cluster).volumeIds()).includes(was.volumeId) ? undefined : true,
  );
  await checkStarts(story, startedAt, once([nodeId]));
}

/** A topic has its only replica on that broker, until an operator gives it more. */
async function waitsForTheLastCopy(story: Story): Promise<void> {
  const { cluster, service, findings } = story;
  const topic = `single-${story.fresh()}`;
  const server = ['--bootstrap-server', await service.bootstrap()];
  const assignment = ['--replica-assignment', String(broker), '--config', 'min.insync.replicas=1'];
  await cluster.kafkaTool('kafka-topics.sh', ...server, '--create', '--topic', topic, ...assignment);
  const lines = Array.from({ length: records }, (_, number) => `record ${number}\n`).join('');
  await cluster.feedKafkaTool(lines, 'kafka-console-producer.sh', ...server, '--topic', topic);
  await startEmpty(story, broker, async (was) => {
    const words = await untilWaitsFor(service, broker, `${topic}-0`);
    findings.check(`it is refused, and ${topic}-0 is named`, words.includes('no other live replica'), words);
    findings.keep('what the pod shows', await cluster.cli('pod', 'info', podName(broker)));
    await checkNothingStarts(story, 15);
    const now = await nodeSeen(service, broker);
    findings.check('the broker is not touched', now.taskArn === was.taskArn && now.state === 'RUNNING', now);
    const file = join(cluster.options.dataFolder, `${topic}.json`);
    const partitions = [{ topic, partition: 0, replicas: [broker, 0, 1] }];
    writeFileSync(file, JSON.stringify({ version: 1, partitions }));
    const told = ['--reassignment-json-file', file, '--execute'];
    findings.keep(
      'kafka-reassign-partitions.sh',
      await cluster.kafkaTool('kafka-reassign-partitions.sh', ...server, ...told),
    );
  });
  const reader = ['--topic', topic, '--from-beginning', '--max-messages', String(records), '--timeout-ms', '30000'];
  const read = await cluster.kafkaTool('kafka-console-consumer.sh', ...server, ...reader);
  const ids = new Set(read.split('\n').filter((line) => line.startsWith('record ')));
  findings.check(`all ${records} records of ${topic} are there`, ids.size === records, ids.size);
}
