import { until } from '../../rights/installation.ts';
import { brokers, type Chapter, checkStarts, controllers, once } from '../../rolls/story.ts';
import { checkInPlace, checkNothingStarts, nodesSeen, type, untilNextTry } from '../nodes.ts';

const all = [...controllers, ...brokers];

/** Nothing of the service runs, all of it is kept. */
export const hibernate: Chapter = {
  name: 'hibernate',
  title: 'the service is hibernated and resumed by the command line: each node is started once, on its volume',
  mayFail: true,
  run: async (story) => {
    const { service, findings } = story;
    const before = await nodesSeen(service, all);
    await type(story, 'hibernate');
    await until('no node runs', 600, async () =>
      (await nodesSeen(service, all)).every(({ state }) => state === 'KILLED' || state === 'FINISHED')
        ? true
        : undefined,
    );
    const resumedAt = Date.now();
    await checkNothingStarts(story, 15);
    await type(story, 'resume');
    for (const was of before) checkInPlace(findings, was, await untilNextTry(service, was));
    await service.untilSettled(3);
    await checkStarts(story, resumedAt, once(all));
  },
};
