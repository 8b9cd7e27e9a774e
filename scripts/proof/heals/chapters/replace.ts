import { podName } from '../../../../lib/model/node.ts';
import { brokers, type Chapter, checkStarts, controllers, once, type Story } from '../../rolls/story.ts';
import { hostGroupsOf } from '../hosts.ts';
import { checkNothingStarts, type NodeSeen, nodesSeen, type, untilWaitsFor } from '../nodes.ts';
import { checkMoved, checkNames } from './host-terminated.ts';

const all = [...controllers, ...brokers];
const [broker, controller] = [1, 1001];

/** Their host is to go: an operator moves both away from it, and brings the host that they move to. */
export const replace: Chapter = {
  name: 'replace',
  title: 'a broker and a controller are replaced by the command line: on another host of the zone, with their volumes',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const hosts = hostGroupsOf(cluster);
    const [from] = await nodesSeen(service, [broker]);
    if (from === undefined) throw new Error('there is no such broker');
    await movedAlone(story, broker, async (was) => {
      const words = await untilWaitsFor(service, broker, was.instanceId);
      findings.check('the pod says that no other host of its zone is there', words.includes(was.zone), words);
      await checkNothingStarts(story, 10);
      const [now] = await nodesSeen(service, [broker]);
      const isSame = now?.taskArn === was.taskArn && now.state === 'RUNNING';
      findings.check('the broker runs on while it waits', isSame, now);
      await hosts.add(was.zone);
    });
    await movedAlone(story, controller);
    await checkNames(story);
    await hosts.remove(from.instanceId);
  },
};

/** Asks for the replacement of one node, and checks that it has moved and nothing else was touched. */
async function movedAlone(
  story: Story,
  nodeId: number,
  meanwhile: (was: NodeSeen) => Promise<void> = async () => undefined,
): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const before = await nodesSeen(service, all);
  const was = before.find((node) => node.nodeId === nodeId);
  if (was === undefined) throw new Error(`there is no ${podName(nodeId)}`);
  await type(story, 'pod', 'replace', podName(nodeId));
  await meanwhile(was);
  await checkMoved(story, was);
  await service.untilSettled(3);
  const tasks = (nodes: readonly NodeSeen[]) =>
    nodes.filter((node) => node.nodeId !== nodeId).map((node) => `${podName(node.nodeId)} ${node.taskArn}`);
  const [left, now] = [tasks(before), tasks(await nodesSeen(service, all))];
  findings.check('all other nodes have the task that they had', left.join() === now.join(), now.length);
  await checkStarts(story, startedAt, once([nodeId]));
}
