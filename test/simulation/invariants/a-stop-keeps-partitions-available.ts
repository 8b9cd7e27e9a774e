import type { Watch } from './invariant.ts';
import { writtenBy } from './written-items.ts';

/**
 * By our hand a broker stops only while all others hold its partitions in sync, unless its service goes away. The rule
 * is told again here, without the product's `canRoll`.
 */
export const aStopKeepsPartitionsAvailable: Watch = ({ onServed, kafka, containers }) => {
  const leaving = new Set<string>();
  const clusterIds = new Map<string, string>();
  const broken: string[] = [];
  onServed((call) => {
    for (const item of writtenBy(call).put) {
      const service = String(item['service']);
      if (item['sk'] === 'TARGET') clusterIds.set(service, String(item['clusterId']));
      if (item['sk'] === 'TARGET') leaving.delete(service);
      if (item['sk'] === 'WISH' && item['uninstall'] !== undefined) leaving.add(service);
    }
    if (call.service !== 'ecs' || call.operation !== 'StopTask') return;
    const run = containers.get(String(call.input['task']));
    const [, service = '', node = ''] = /^warden\/([^/]+)\/(\d+)\/node/.exec(run?.startedBy ?? '') ?? [];
    const clusterId = clusterIds.get(service);
    if (clusterId === undefined || leaving.has(service)) return;
    const brokerId = Number(node);
    for (const { name, replicas, isr, minIsr } of kafka.view(clusterId).partitions) {
      if (!replicas.includes(brokerId)) continue;
      const others = replicas.filter((id) => id !== brokerId);
      const left = isr.filter((id) => id !== brokerId);
      const isSafe = others.every((id) => left.includes(id)) && (left.length >= minIsr || replicas.length <= minIsr);
      if (!isSafe) broken.push(`node ${node} of ${service} was stopped while ${name} has ISR ${isr.join(', ')}`);
    }
  });
  return { rule: 'I3: no stop by our hand while it makes a partition unavailable', afterStep: () => broken[0] };
};
