import { brokers, brokersAndControllers, type Chapter, checkStarts, controllers, once } from '../story.ts';

/** After how many complete steps the control plane is killed: early, in the middle, and among the brokers. */
const killsAfter = [0, 2, 4];

/** The control plane dies three times in the middle of steps; each node is restarted exactly once. */
export const killedCloud: Chapter = {
  name: 'killed-cloud',
  title: 'the local cloud is killed three times during one roll',
  run: async (story) => {
    const { cluster, service, findings } = story;
    const startedAt = Date.now();
    const { planId } = await service.update(brokersAndControllers(story));
    const kills: { readonly step: string; readonly processes: readonly string[] }[] = [];
    for (const wanted of killsAfter) {
      const at = await service.untilPlan(`a step is under way after ${wanted} complete ones`, planId, (plan) => {
        const steps = plan.phases.flatMap((phase) => phase.steps);
        const complete = steps.filter(({ status }) => status === 'COMPLETE').length;
        const open = steps.find(({ status }) => status !== 'COMPLETE' && status !== 'PENDING');
        return complete >= wanted && open !== undefined
          ? { complete, step: open.name, status: open.status }
          : undefined;
      });
      kills.push({ ...at, processes: await cluster.killControlPlane() });
      await cluster.startControlPlane();
    }
    await service.untilComplete(planId);
    findings.check(
      'the cloud was killed three times, each in the middle of a step',
      kills.length === killsAfter.length && kills.every(({ processes }) => processes.includes('cloud')),
      kills,
    );
    await checkStarts(story, startedAt, once([...brokers, ...controllers]));
  },
};
