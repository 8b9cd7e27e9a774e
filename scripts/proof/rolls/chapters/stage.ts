import { until } from '../../rights/installation.ts';
import { continueUntilComplete, withStage } from '../commands.ts';
import { afterFirstContinue, atSecondStop, beforeFirstContinue, inGuideWords } from '../guide-plans.ts';
import { brokersOnly, type Chapter, checkStarts, type Story } from '../story.ts';

/** The update plan of the 1.x guide: stop, continue, one broker, stop, and the old configuration put back. */
export const stage: Chapter = {
  name: 'stage',
  title: 'STAGE stops before the first and the second broker; the old config put back rolls back',
  run: async (story) => {
    const { service, findings } = story;
    const startedAt = Date.now();
    const before = (await service.kafkaOptions())['group_initial_rebalance_delay_ms'] ?? null;
    await withStage(story, {}, async (stage) => {
      const { planId, configId } = await service.update({ ...brokersOnly(story), service: stage });
      await service.untilWaiting(planId);
      await beside(story, 'before the first continue', configId, beforeFirstContinue);
      await checkStarts(story, startedAt, {});
      await service.command('deploy', 'continue');
      await until('broker 0 is in progress', 300, async () =>
        (await service.blocks()).status === 'InProgress' ? true : undefined,
      );
      await beside(story, 'after the first continue', configId, afterFirstContinue);
      await service.untilWaiting(planId);
      await beside(story, 'at the second stop', configId, atSecondStop);
      await checkStarts(story, startedAt, { 0: 1 });
      const back = await service.update({ kafka: { group_initial_rebalance_delay_ms: before } });
      await continueUntilComplete(service, back.planId);
      await checkStarts(story, startedAt, { 0: 2 });
      const now = (await service.kafkaOptions())['group_initial_rebalance_delay_ms'] ?? null;
      findings.check('the old config is the target again', now === before, { before, now });
    });
  },
};

/** Looks at /v1/plan and lays it beside what the guide prints there. */
async function beside({ service, findings }: Story, moment: string, configId: string, guide: object): Promise<void> {
  const shown = await service.blocks();
  const seen = inGuideWords(shown, configId);
  findings.keep(moment, { shown, guide });
  findings.check(`/v1/plan ${moment} is the guide's`, JSON.stringify(seen) === JSON.stringify(guide), seen);
}
