import { show } from '../service.ts';
import { brokers, brokersOnly, type Chapter, checkStarts, once } from '../story.ts';

interface Preview {
  readonly planId: string;
  readonly nodes: readonly { readonly nodeId: number; readonly change: { readonly type: string } }[];
}

/** What is shown is what is done, as long as nothing else was done in between. */
export const preview: Chapter = {
  name: 'preview',
  title: 'a preview is applied by its id, and refused after another change',
  run: async (story) => {
    const { service, findings } = story;
    const startedAt = Date.now();
    const target = (await service.call('GET', '/configurations/targetId')).body;
    const shown = await service.askForUpdate(brokersOnly(story), '?preview=true');
    findings.check('a preview is answered with 200', shown.status === 200, shown.status);
    findings.keep('preview', shown.body);
    const { planId, nodes } = shown.body as Preview;
    const restarted = nodes.filter(({ change }) => change.type === 'restart').map(({ nodeId }) => nodeId);
    findings.check('it says that the three brokers restart', restarted.toSorted().join() === brokers.join(), restarted);
    const untouched = (await service.call('GET', '/configurations/targetId')).body;
    findings.check('it changes no target', JSON.stringify(untouched) === JSON.stringify(target), { target, untouched });
    await checkStarts(story, startedAt, {});

    const applied = await service.call('POST', `/plans/${planId}/start`);
    findings.check('it is applied by its id', applied.status === 202, show(applied));
    await service.untilComplete(planId);
    await checkStarts(story, startedAt, once(brokers));

    const outdated = (await service.askForUpdate(brokersOnly(story), '?preview=true')).body as Preview;
    const other = await service.update({ kafka: { log_retention_ms: 3_700_000 + story.fresh() } });
    await service.untilComplete(other.planId);
    const refusedAt = Date.now();
    const refused = await service.call('POST', `/plans/${outdated.planId}/start`);
    findings.check('a preview is refused with 409 after another change', refused.status === 409, show(refused));
    const plans = await service.plan('deploy');
    findings.check('nothing moves', plans.status === 'COMPLETE', plans.status);
    await checkStarts(story, refusedAt, {});
  },
};
