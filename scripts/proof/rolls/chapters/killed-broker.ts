import { until } from '../../rights/installation.ts';
import { type Chapter, checkStarts } from '../story.ts';

/** No plan at all: the load itself is tried by the death of a broker that nobody announced. */
export const killedBroker: Chapter = {
  name: 'killed-broker',
  title: 'kill -9 of a broker: it recovers by itself',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const startedAt = Date.now();
    const running = (await service.starts(0)).findLast(
      ({ nodeId, stoppingAt }) => nodeId === 1 && stoppingAt === undefined,
    );
    const victim = running && cluster.processOf(running.taskArn);
    if (victim === undefined) throw new Error('broker 1 has no process');
    process.kill(victim.pid, 'SIGKILL');
    findings.keep('killed', victim);
    await until('broker 1 is started again', 300, async () =>
      (await service.starts(startedAt)).length > 0 ? true : undefined,
    );
    await service.untilSettled(3);
    await checkStarts(story, startedAt, { 1: 1 });
  },
};
