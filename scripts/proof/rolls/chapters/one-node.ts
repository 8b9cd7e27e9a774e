import { Service } from '../service.ts';
import { brokersOnly, type Chapter, checkStarts } from '../story.ts';

const combined = {
  service: { name: 'one' },
  brokers: { count: 1, cpus: 0.25, mem: 512, heap: { size: 256 }, disk: 1000 },
};

/** One node cannot be rolled without being away: the update says so, and two services never wait for each other. */
export const oneNode: Chapter = {
  name: 'one-node',
  title: 'a service of one combined node is updated with a warning, side by side with another service',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const one = new Service(cluster, 'one');
    await one.install(combined);
    try {
      const alone = { ...story, service: one };
      const change = brokersOnly(story);
      const shown = await one.askForUpdate(change, '?preview=true');
      const { warnings = [] } = shown.body as { readonly warnings?: readonly string[] };
      findings.check('the preview warns', warnings.length > 0, warnings);
      const startedAt = Date.now();
      const { planId } = await one.update(change);
      await one.untilComplete(planId);
      await checkStarts(alone, startedAt, { 0: 1 });

      const bothAt = Date.now();
      const first = await service.update(brokersOnly(story));
      const second = await one.update(brokersOnly(story));
      await one.untilComplete(second.planId);
      const other = await service.plan(first.planId);
      findings.check(
        'the one-node service is through while the other still rolls',
        other.status !== 'COMPLETE',
        other.status,
      );
      await service.untilComplete(first.planId);
      await checkStarts(alone, bothAt, { 0: 1 });
      await checkStarts(story, bothAt, { 0: 1, 1: 1, 2: 1 });
    } finally {
      await one.uninstall();
    }
  },
};
