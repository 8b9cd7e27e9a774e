import { podName } from '../../../../lib/model/node.ts';
import { type Chapter, checkStarts, once } from '../../rolls/story.ts';
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
    const step = await untilReason(service, broker, 'host out of touch', ({ nodes }) =>
      (nodes as readonly { readonly life: string }[]).every(({ life }) => life !== 'unknown'),
    );
    const sentence = step.waiting?.sentence ?? '';
    const wanted = [
      ...[`host ${instanceId} is out of touch`, `warden host fence ${instanceId}`],
      ...[`${podName(broker)} (dead by Kafka)`, `${podName(controller)} (alive by Kafka)`],
    ];
    findings.check(
      'the plan names the host and its nodes, who of them lives, and what helps',
      wanted.every((word) => sentence.includes(word)),
      sentence,
    );
    await checkNothingStarts(story, 20);
    const living = cluster.processOf(before[1]?.taskArn ?? '');
    findings.check("the controller's process lives all the while", living !== undefined, living?.kind);
    const hosts = await type(story, 'host', 'list');
    findings.check('the list of hosts has it', hosts.includes(instanceId), hosts);
    await type(story, 'host', 'fence', instanceId);
    for (const was of before) await checkMoved(story, was);
    await service.untilSettled(3);
    await checkNames(story);
    await checkStarts(story, startedAt, once([broker, controller]));
  },
};
