import { downTimes, downTogether } from '../down-times.ts';
import { brokers, brokersAndControllers, brokersOnly, type Chapter, checkStarts, controllers, once } from '../story.ts';

/** A property that no node takes while it runs rolls brokers and controllers; one of brokers alone rolls them alone. */
export const roll: Chapter = {
  name: 'roll',
  title: 'a property that needs a restart rolls each node once, the active controller last',
  run: async (story) => {
    const { service, findings } = story;
    const leader = await service.activeController();
    const startedAt = Date.now();
    const { planId } = await service.update(brokersAndControllers(story));
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
    const together = downTogether(downTimes(await service.starts(0)).filter(({ from }) => from >= startedAt));
    findings.check('no two nodes were down at the same time', together.length === 0, together);
    const brokersAloneAt = Date.now();
    const second = await service.update(brokersOnly(story));
    await service.untilComplete(second.planId);
    await checkStarts(story, brokersAloneAt, once(brokers));
  },
};
