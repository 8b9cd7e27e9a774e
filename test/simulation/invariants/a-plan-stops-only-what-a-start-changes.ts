import type { Watch } from './invariant.ts';
import { inForceSince, planWorkOf, storedPlans } from './stored-plans.ts';
import { roleOf, takesAStart } from './what-a-start-changes.ts';

/** As long as a function may run: the target that it looked at may be so old. */
const lookedMs = 16_000;

/**
 * A node is restarted once for a change and not at all where nothing changes: a plan stops a process only while it was
 * started with something else than the target wants, for an operator who asked since, or where no controller hears of it.
 */
export const aPlanStopsOnlyWhatAStartChanges: Watch = (world) => {
  const stored = storedPlans(world);
  const broken: string[] = [];
  world.onServed((call) => {
    stored.follow(call);
    if (call.service !== 'ecs' || call.operation !== 'StopTask') return;
    const work = planWorkOf(call.invocation);
    const taskArn = String(call.input['task']);
    if (work === undefined || !world.containers.has(taskArn)) return;
    const service = stored.of(work.service);
    const clusterId = service.targets.at(-1)?.value.clusterId ?? '';
    if (world.kafka.view(clusterId).unheard.includes(work.nodeId)) return;
    const launch = service.launches.get(taskArn);
    const asked = service.steering
      .get(work.planId)
      ?.at(-1)
      ?.value.restarts.find(({ stepId }) => stepId === work.stepId);
    if (asked !== undefined && launch?.restart !== `${asked.stepId}#${asked.times}`) return;
    const startedWith = service.configs.get(launch?.configId ?? '');
    const targets = inForceSince(service.targets, world.clock.now() - lookedMs)
      .map(({ configId }) => service.configs.get(configId))
      .filter((config) => config !== undefined);
    const role = roleOf(work.nodeId);
    if (startedWith !== undefined && targets.some((target) => takesAStart(role, startedWith, target))) return;
    broken.push(
      `node ${work.nodeId} of ${work.service} was stopped by plan ${work.planId} and runs what it is to run: ${launch?.configId}`,
    );
  });
  return { rule: 'I8: a plan stops a node only for what takes a start', afterStep: () => broken[0] };
};
