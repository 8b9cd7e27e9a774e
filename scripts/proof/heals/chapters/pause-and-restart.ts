import { podName } from '../../../../lib/model/node.ts';
import { until } from '../../rights/installation.ts';
import { type Chapter, checkStarts, type Story } from '../../rolls/story.ts';
import { checkInPlace, nodeSeen, type, untilNextTry } from '../nodes.ts';

const pausedSeconds = 60;

/** What an operator asks of one node. */
export const pauseAndRestart: Chapter = {
  name: 'pause-and-restart',
  title: 'a broker and a controller are restarted, and a broker is paused with a deadline, by the command line',
  run: async (story) => {
    await restart(story, 1);
    await restart(story, 1001);
    await pauseWithDeadline(story, 2);
    await pauseAndResume(story, 0);
  },
};

async function restart(story: Story, nodeId: number): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const was = await nodeSeen(service, nodeId);
  await type(story, 'pod', 'restart', podName(nodeId));
  checkInPlace(findings, was, await untilNextTry(service, was));
  await service.untilSettled(3);
  await checkStarts(story, startedAt, { [nodeId]: 1 });
}

async function pauseWithDeadline(story: Story, nodeId: number): Promise<void> {
  const { service, findings } = story;
  const pod = podName(nodeId);
  const startedAt = Date.now();
  const was = await nodeSeen(service, nodeId);
  await type(story, 'pod', 'pause', pod, '--for', `${pausedSeconds}s`);
  await untilState(story, nodeId, 'PAUSED');
  await type(story, 'pod', 'status', pod);
  const now = await untilNextTry(service, was);
  const back = (await service.starts(startedAt)).find((start) => start.nodeId === nodeId);
  const seconds = ((back?.createdAt ?? 0) - startedAt) / 1000;
  findings.check(`${pod} stays down until its deadline and comes back by itself`, seconds >= pausedSeconds, seconds);
  checkInPlace(findings, was, now);
  await service.untilSettled(3);
  await checkStarts(story, startedAt, { [nodeId]: 1 });
}

async function pauseAndResume(story: Story, nodeId: number): Promise<void> {
  const { service, findings } = story;
  const startedAt = Date.now();
  const was = await nodeSeen(service, nodeId);
  await type(story, 'pod', 'pause', podName(nodeId));
  await untilState(story, nodeId, 'PAUSED');
  await checkStarts(story, startedAt, {});
  await type(story, 'pod', 'resume', podName(nodeId));
  checkInPlace(findings, was, await untilNextTry(service, was));
  await service.untilSettled(3);
  await checkStarts(story, startedAt, { [nodeId]: 1 });
}

async function untilState({ service }: Story, nodeId: number, state: string): Promise<void> {
  await until(`${podName(nodeId)} is ${state}`, 300, async () =>
    (await nodeSeen(service, nodeId)).state === state ? true : undefined,
  );
}
