import type { Watch } from './invariant.ts';
import { nodeWorkOf } from './stored-plans.ts';
import { writtenBy } from './written-items.ts';

/**
 * From the stop until its lease is given back (in sync, or given up by an operator) a node is down by our hand; meanwhile
 * neither a plan nor an operator's word stops another one of its service; but for one that no controller hears of, which is
 * as good as down. The place of a dead execution may be freed when the node runs again: May stop asks Kafka about the rest.
 */
export const oneNodeIsDownByOurHand: Watch = ({ onServed, containers, kafka }) => {
  const clusterIds = new Map<string, string>();
  const down = new Map<string, Set<number>>();
  const broken: string[] = [];
  const runs = (name: string, nodeId: number) =>
    [...containers.values()].some(({ startedBy }) => startedBy.startsWith(`warden/${name}/${nodeId}/node/`));
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    for (const { pk, sk } of deleted) {
      const name = String(pk).slice('SERVICE#'.length);
      if (sk === 'TARGET') down.delete(name);
      if (sk === 'SLOT')
        for (const nodeId of down.get(name) ?? []) if (runs(name, nodeId)) down.get(name)?.delete(nodeId);
    }
    for (const item of put) {
      if (item['sk'] === 'TARGET') clusterIds.set(String(item['service']), String(item['clusterId']));
      if (!String(item['sk']).startsWith('LEASE#') || item['released'] !== true) continue;
      down.get(String(item['service']))?.delete(Number(item['nodeId']));
    }
    if (call.service !== 'ecs' || call.operation !== 'StopTask') return;
    const work = nodeWorkOf(call.invocation);
    if (work === undefined || !containers.has(String(call.input['task']))) return;
    if (kafka.view(clusterIds.get(work.service) ?? '').unheard.includes(work.nodeId)) return;
    const nodes = down.get(work.service) ?? new Set<number>();
    const others = [...nodes].filter((nodeId) => nodeId !== work.nodeId);
    if (others.length > 0)
      broken.push(`node ${work.nodeId} of ${work.service} was stopped while ${others.join(', ')} was down by our hand`);
    down.set(work.service, nodes.add(work.nodeId));
  });
  return { rule: 'I1: at most one node of a service is down by our hand', afterStep: () => broken[0] };
};
