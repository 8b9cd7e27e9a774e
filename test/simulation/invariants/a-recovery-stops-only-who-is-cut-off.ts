import type { Watch } from './invariant.ts';
import { writtenBy } from './written-items.ts';

/**
 * A recovery brings back what is down. What runs it stops only where no controller hears of it; and a task that somebody
 * started who came too late, which the node's record does not name.
 */
export const aRecoveryStopsOnlyWhoIsCutOff: Watch = ({ onServed, containers, kafka, aws }) => {
  const clusterIds = new Map<string, string>();
  const broken: string[] = [];
  onServed((call) => {
    for (const item of writtenBy(call).put) {
      if (item['sk'] === 'TARGET') clusterIds.set(String(item['service']), String(item['clusterId']));
    }
    const { kind, service, nodeId } = Object(call.invocation.event);
    if (call.service !== 'ecs' || call.operation !== 'StopTask' || kind !== 'recovery') return;
    const taskArn = String(call.input['task']);
    if (!containers.has(taskArn)) return;
    const goal = aws.items().find(({ pk, sk }) => pk === `SERVICE#${service}` && sk === `GOAL#${nodeId}`);
    if (Object(goal?.['launch']).taskArn !== taskArn) return;
    const { unheard } = kafka.view(clusterIds.get(String(service)) ?? '');
    if (!unheard.includes(Number(nodeId)))
      broken.push(`node ${nodeId} of ${service} was stopped, and the controllers hear of it`);
  });
  return { rule: 'I27: a recovery stops only who is cut off', afterStep: () => broken[0] };
};
