import type { Watch } from './invariant.ts';
import { writtenBy } from './written-items.ts';

/** As long as a function may run: what it looked at may be so old. */
const lookedMs = 16_000;

function isOfHibernation({ event }: { readonly event: unknown }): boolean {
  return Object(event).kind === 'hibernation';
}

/**
 * By our hand a broker stops only while all others hold its partitions in sync, unless its service goes away or hibernates, or
 * no controller hears of it: that stop takes nothing away. The rule
 * is told again here, without the product's `canRoll`.
 */
export const aStopKeepsPartitionsAvailable: Watch = ({ onServed, kafka, containers, clock }) => {
  const leaving = new Set<string>();
  /** Until when a stop may be one that was decided on before the resume. */
  const wakingUntil = new Map<string, number>();
  const clusterIds = new Map<string, string>();
  const broken: string[] = [];
  onServed((call) => {
    for (const item of writtenBy(call).put) {
      const service = String(item['service']);
      if (item['sk'] === 'TARGET') clusterIds.set(service, String(item['clusterId']));
      if (item['sk'] === 'TARGET') leaving.delete(service);
      if (item['sk'] !== 'WISH') continue;
      if (item['uninstall'] !== undefined || item['hibernates'] === true) leaving.add(service);
      else if (leaving.delete(service)) wakingUntil.set(service, clock.now() + lookedMs);
    }
    if (call.service !== 'ecs' || call.operation !== 'StopTask') return;
    const run = containers.get(String(call.input['task']));
    const [, service = '', node = ''] = /^warden\/([^/]+)\/(\d+)\/node/.exec(run?.startedBy ?? '') ?? [];
    const clusterId = clusterIds.get(service);
    if (clusterId === undefined || leaving.has(service)) return;
    if ((wakingUntil.get(service) ?? 0) > clock.now() && isOfHibernation(call.invocation)) return;
    const brokerId = Number(node);
    const { partitions, unheard } = kafka.view(clusterId);
    if (unheard.includes(brokerId)) return;
    for (const { name, replicas, isr, minIsr } of partitions) {
      if (!replicas.includes(brokerId)) continue;
      const others = replicas.filter((id) => id !== brokerId);
      const left = isr.filter((id) => id !== brokerId);
      const isSafe = others.every((id) => left.includes(id)) && (left.length >= minIsr || replicas.length <= minIsr);
      if (!isSafe) broken.push(`node ${node} of ${service} was stopped while ${name} has ISR ${isr.join(', ')}`);
    }
  });
  return { rule: 'I3: no stop by our hand while it makes a partition unavailable', afterStep: () => broken[0] };
};
