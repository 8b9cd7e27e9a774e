import type { Watch } from './invariant.ts';

/** What is terminated takes its processes along: somebody decided it, or nothing of a node lived there. */
export const aHostEndsOnlyWhenSomebodyDecided: Watch = ({ onServed, aws, containers, starts }) => {
  const broken: string[] = [];
  let looked = { starts: -1, live: -1 };
  let hosts = new Map<string, string>();
  onServed((call) => {
    if (call.service !== 'ec2' || call.operation !== 'TerminateInstances') return;
    for (const instanceId of call.input['InstanceIds'] as readonly string[]) {
      const fences = aws.items().filter(({ sk }) => sk === `FENCE#${instanceId}`);
      if (fences.length === 0) broken.push(`${instanceId} was terminated, and nobody wanted it`);
      const live = [...hosts].filter(([, host]) => host === instanceId).map(([startedBy]) => startedBy);
      const byItself = fences.every(({ requestedBy }) => requestedBy === 'warden');
      if (byItself && live.length > 0) broken.push(`${instanceId} was terminated while ${live.join(', ')} lived there`);
    }
  });
  return {
    rule: 'I26: a host ends when an operator says so, or by itself when no node lives there',
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
