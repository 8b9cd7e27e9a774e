import type { Watch } from './invariant.ts';
import { keyOf, writtenBy } from './written-items.ts';

/** So long a function may run: what it has read may be gone by the time it acts, with the service that it was of. */
const readWithinMs = 30_000;

/**
 * What is terminated takes its processes along: somebody decided it, or nothing of a node lived there that a controller heard
 * of when it was decided. Whom nobody hears of serves nobody, and never will where it is.
 */
export const aHostEndsOnlyWhenSomebodyDecided: Watch = ({ onServed, aws, clock, containers, starts, kafka }) => {
  const broken: string[] = [];
  const decided = new Map<string, { readonly item: Readonly<Record<string, unknown>>; readonly goneAt?: number }>();
  let looked = { starts: -1, live: -1 };
  let hosts = new Map<string, string>();
  const clusterIds = new Map<string, string>();
  /** By host: whom there nobody heard of when its end was decided. */
  const unheard = new Map<string, readonly string[]>();
  const isUnheard = (startedBy: string): boolean => {
    const [, service = '', nodeId] = startedBy.split('/');
    return kafka.view(clusterIds.get(service) ?? '').unheard.includes(Number(nodeId));
  };
  const livingOn = (instanceId: string) =>
    [...hosts].filter(([, host]) => host === instanceId).map(([startedBy]) => startedBy);
  onServed((call) => {
    const { put, deleted } = writtenBy(call);
    for (const item of put) {
      if (item['sk'] === 'TARGET') clusterIds.set(String(item['service']), String(item['clusterId']));
      if (!String(item['sk']).startsWith('FENCE#')) continue;
      decided.set(keyOf(item), { item });
      const instanceId = String(item['instanceId']);
      unheard.set(instanceId, livingOn(instanceId).filter(isUnheard));
    }
    for (const key of deleted) {
      const before = decided.get(keyOf(key));
      if (before !== undefined) decided.set(keyOf(key), { ...before, goneAt: clock.now() });
    }
    if (call.service !== 'ec2' || call.operation !== 'TerminateInstances') return;
    for (const instanceId of call.input['InstanceIds'] as readonly string[]) {
      const lately = [...decided.values()].flatMap(({ item, goneAt }) =>
        goneAt === undefined || clock.now() - goneAt > readWithinMs ? [] : [item],
      );
      const fences = [...aws.items(), ...lately].filter(({ sk }) => sk === `FENCE#${instanceId}`);
      if (fences.length === 0) broken.push(`${instanceId} was terminated, and nobody wanted it`);
      const live = livingOn(instanceId).filter((startedBy) => unheard.get(instanceId)?.includes(startedBy) !== true);
      const byItself = fences.every(({ requestedBy }) => requestedBy === 'warden');
      if (byItself && live.length > 0) broken.push(`${instanceId} was terminated while ${live.join(', ')} lived there`);
    }
  });
  return {
    rule: 'I26: a host ends when an operator says so, or by itself when no node lives there that Kafka hears of',
    afterStep() {
      // As it was before the step that terminates.
      if (looked.starts !== starts.length || looked.live !== containers.size) {
        looked = { starts: starts.length, live: containers.size };
        const nodes = [...containers.values()].filter(({ startedBy }) => startedBy.includes('/node/'));
        hosts = new Map(nodes.map(({ startedBy, host }) => [startedBy, host.instanceId]));
      }
      return broken[0];
    },
  };
};
