import { brokers, brokersOnly, type Chapter, checkStarts, once } from '../story.ts';

/** Long enough for a next step to have begun, if anything let it. */
const watchMs = 15_000;

/** The step in progress is let finish; the next one does not begin, also not when the control plane comes back from the dead. */
export const interrupt: Chapter = {
  name: 'interrupt',
  title: 'interrupt lets the step finish and stops before the next, over a kill of the local cloud',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const startedAt = Date.now();
    const { planId } = await service.update(brokersOnly(story));
    await service.untilPlan('the first broker is under way', planId, (plan) => {
      const steps = plan.phases.find(({ name }) => name === 'broker')?.steps ?? [];
      return steps.some(({ status }) => status !== 'PENDING') ? true : undefined;
    });
    await service.command('deploy', 'interrupt');
    const again = await service.call('POST', '/plans/deploy/interrupt');
    findings.check('a second interrupt is answered with 208', again.status === 208, again);
    const killed = await cluster.killControlPlane();
    await cluster.startControlPlane();
    findings.check('the cloud was killed', killed.includes('cloud'), killed);
    await service.untilPlan('the step in progress is complete', planId, (plan) => {
      const steps = plan.phases.find(({ name }) => name === 'broker')?.steps ?? [];
      return plan.status === 'WAITING' && steps.some(({ status }) => status === 'COMPLETE') ? true : undefined;
    });
    await new Promise((done) => setTimeout(done, watchMs));
    await checkStarts(story, startedAt, { 0: 1 });
    const next = await service.step(planId, 1);
    findings.check(
      'the next step waits for an operator and says so',
      next.status !== 'COMPLETE' && next.waiting?.reason.type === ('operator' as string),
      next,
    );
    await service.command('deploy', 'continue');
    await service.untilComplete(planId);
    await checkStarts(story, startedAt, once(brokers));
  },
};
