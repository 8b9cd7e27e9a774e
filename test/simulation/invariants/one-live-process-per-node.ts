import type { Watch } from './invariant.ts';

/** Two processes of one node would be two brokers of one id. */
export const oneLiveProcessPerNode: Watch = ({ containers, starts }) => {
  let looked = 0;
  return {
    rule: 'I2: never two live processes of one node, never a volume mounted by two',
    afterStep() {
      if (starts.length === looked) return undefined;
      looked = starts.length;
      const nodes = new Map<string, string>();
      const volumes = new Map<string, string>();
      for (const run of containers.values()) {
        const node = /^warden\/[^/]+\/\d+\/node/.exec(run.startedBy)?.[0];
        const twin = node === undefined ? undefined : nodes.get(node);
        if (twin !== undefined) return `${run.taskArn} and ${twin} both run as ${node}`;
        if (node !== undefined) nodes.set(node, run.taskArn);
        const sharer = run.volumeId === undefined ? undefined : volumes.get(run.volumeId);
        if (sharer !== undefined) return `${run.taskArn} and ${sharer} both mount ${run.volumeId}`;
        if (run.volumeId !== undefined) volumes.set(run.volumeId, run.taskArn);
      }
      return undefined;
    },
  };
};
