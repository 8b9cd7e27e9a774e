import { leftAt, nodeIdOf } from '../../../bench/histories.ts';
import { downTimes, downTogether } from '../down-times.ts';
import { checkValues } from '../seen-by-kafka.ts';
import {
  brokers,
  brokersAndControllers,
  brokersOnly,
  type Chapter,
  checkStarts,
  controllers,
  once,
  type Story,
} from '../story.ts';

/** A property that no node takes while it runs rolls brokers and controllers; one of brokers alone rolls them alone. */
export const roll: Chapter = {
  name: 'roll',
  title: 'a property that needs a restart rolls each node once, the active controller last',
  run: async (story) => {
    const { service, findings } = story;
    const leader = await service.activeController();
    const startedAt = Date.now();
    const both = brokersAndControllers(story);
    const { planId } = await service.update(both);
    const plan = await service.untilComplete(planId);
    findings.keep('plan', plan);
    await checkStarts(story, startedAt, once([...brokers, ...controllers]));
    const order = (await service.starts(startedAt)).map(({ nodeId }) => nodeId);
    const controllerOrder = order.filter((nodeId) => controllers.includes(nodeId));
    findings.check(
      `the controller that was active (${leader}) was restarted last`,
      controllerOrder.at(-1) === leader,
      order,
    );
    await checkDownTimes(story, planId, startedAt);
    const brokersAloneAt = Date.now();
    const alone = brokersOnly(story);
    const second = await service.update(alone);
    await service.untilComplete(second.planId);
    await checkStarts(story, brokersAloneAt, once(brokers));
    await checkValues(story, { ...both.kafka, ...alone.kafka }, brokers);
  },
};

/** A node is away until it is in sync again: only then may the next one stop. */
async function checkDownTimes({ service, findings, histories }: Story, planId: string, sinceMs: number): Promise<void> {
  const inSync = (await histories.ofPlan('broker', planId)).flatMap((history) => {
    const at = leftAt(history, 'Await in sync');
    return at === undefined ? [] : [{ nodeId: nodeIdOf(history.name), at }];
  });
  const times = downTimes(await service.starts(0), inSync).filter(({ from }) => from >= sinceMs);
  const nodeIds = new Set(times.map(({ nodeId }) => nodeId));
  const nodes = [...brokers, ...controllers];
  findings.check(
    'each node was down once, until it was in sync',
    times.length === nodes.length && nodeIds.size === nodes.length && times.every(({ to }) => Number.isFinite(to)),
    times,
  );
  const together = downTogether(times);
  findings.check('no two nodes were down at the same time', together.length === 0, together);
}
