import { brokers, brokersOnly, type Chapter, controllers, countStarts, type Story } from '../../rolls/story.ts';
import { addressesOf, areInSync, untilPartitions } from '../leaders.ts';
import { killJvm, type NodeSeen, nodesSeen } from '../nodes.ts';

const ofTasks = 'ECS Task State Change';

/** A recovery and a roll while events of tasks cannot be relied on: looks and sweeps find what no event told. */
export const events: Chapter = {
  name: 'events',
  title: 'events of tasks twice, in any order and 30 s late; then one in five lost: the same end state',
  run: async (story) => {
    await disturbed(story, { duplicate: 1, shuffleMs: 10_000, minDelayMs: 30_000, maxDelayMs: 30_000, seed: 6 });
    await disturbed(story, { drop: 0.2, seed: 6 });
  },
};

async function disturbed(story: Story, fault: object): Promise<void> {
  const { cluster, service, findings } = story;
  const nodeIds = [...controllers, ...brokers];
  const startedAt = Date.now();
  const before = await nodesSeen(service, nodeIds);
  const done = await cluster.chaos('events/set', { detailType: ofTasks, ...fault });
  try {
    const was = await killJvm(story, 1);
    const { planId } = await service.update(brokersOnly(story));
    await service.untilComplete(planId);
    await service.untilSettled(3);
    await untilPartitions(addressesOf(await service.bootstrap()), areInSync, 300);
    findings.keep(`${done}: seconds`, (Date.now() - was.killedAt) / 1000);
  } finally {
    await cluster.chaos('events/off');
  }
  const configId = String((await service.call('GET', '/configurations/targetId')).body);
  const wanted = before.map((node) => endState({ ...node, configId: configIdOf(configId) }));
  const after = (await nodesSeen(service, nodeIds)).map(endState);
  findings.check(`${done}: the same end state`, JSON.stringify(wanted) === JSON.stringify(after), { wanted, after });
  const counts = countStarts(await service.starts(startedAt));
  findings.check(
    'each broker was started once, the killed one once or, if it came back before its turn, twice',
    counts[0] === 1 && counts[2] === 1 && (counts[1] === 1 || counts[1] === 2) && Object.keys(counts).length === 3,
    counts,
  );
}

/** The route answers with a list of one. */
function configIdOf(text: string): string {
  return text.replaceAll(/[^0-9a-f-]/g, '');
}

/** Where each node is in the end, however often it was tried. */
function endState({ nodeId, volumeId, instanceId, configId }: NodeSeen) {
  return { nodeId, volumeId, instanceId, configId };
}
