import { podName } from '../../../../lib/model/node.ts';
import { type Chapter, checkStarts } from '../../rolls/story.ts';
import { checkNothingStarts, killJvm, nodesSeen, type, untilReason } from '../nodes.ts';
import { checkMoved, checkNames } from './host-terminated.ts';

const [broker, controller] = [2, 1002];

/** ECS shows both tasks as RUNNING for ever; one of them lives. */
export const hostSilent: Chapter = {
  name: 'host-silent',
  title: 'agent and broker of a host die, its controller lives: nothing moves until an operator fences the host',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const startedAt = Date.now();
    const before = await nodesSeen(service, [broker, controller]);
    const instanceId = before[0]?.instanceId ?? '';
    await cluster.chaos('agent/kill', { host: instanceId, forGood: true });
    await killJvm(story, broker);
    const step = await untilReason(service, broker, 'host out of touch');
    const sentence = step.waiting?.sentence ?? '';
    findings.check(
      'the plan names the host and its nodes, and says what helps',
      [instanceId, podName(broker), podName(controller), `warden host fence ${instanceId}`].every((word) =>
        sentence.includes(word),
      ),
      sentence,
    );
    await checkNothingStarts(story, 60);
    const hosts = await type(story, 'host', 'list');
    findings.check('the list of hosts has it', hosts.includes(instanceId), hosts);
    await type(story, 'host', 'fence', instanceId);
    for (const was of before) await checkMoved(story, was);
    await service.untilSettled(3);
    await checkNames(story);
    await checkStarts(story, startedAt, { [broker]: 1, [controller]: 1 });
  },
};
