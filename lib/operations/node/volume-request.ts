import type { NodeVolume } from '../../model/node-volume.ts';
import type { NodeGoal } from '../../model/state.ts';
import type { VolumeRequest } from '../../ports/volumes.ts';

/** The CreateVolume of a node's volume: the same for each try, so that EC2 answers all of them with one volume. */
export function volumeRequest(clusterId: string, goal: NodeGoal, volume: NodeVolume): VolumeRequest {
  return {
    zone: volume.zone,
    sizeGiB: volume.sizeGiB,
    ...(volume.snapshotId === undefined ? {} : { snapshotId: volume.snapshotId }),
    clientToken: `${clusterId}-${goal.nodeId}-volume-${volume.generation}`,
    tags: {
      Name: `warden ${goal.service} node ${goal.nodeId}`,
      'warden:service': goal.service,
      'warden:node': String(goal.nodeId),
      'warden:generation': String(volume.generation),
      'warden:cluster-id': clusterId,
    },
  };
}
