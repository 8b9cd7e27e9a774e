import { checkValues } from '../seen-by-kafka.ts';
import { brokers, type Chapter, checkStarts } from '../story.ts';

/** Kafka takes the property while it runs: its own tool shows it, and no node is restarted. */
export const dynamic: Chapter = {
  name: 'dynamic',
  title: 'a property that Kafka takes while it runs restarts nothing',
  run: async (story) => {
    const { service } = story;
    const startedAt = Date.now();
    const wanted = { log_retention_ms: 3_600_000 + story.fresh() };
    const { planId } = await service.update({ kafka: wanted });
    await service.untilComplete(planId);
    await checkStarts(story, startedAt, {});
    await checkValues(story, wanted, brokers);
  },
};
