import { parseStartedBy } from '../model/broker/node-task.ts';
import type { FoundTask, FoundVolume } from '../model/truth/found.ts';
import type { TaskView } from '../ports/tasks.ts';
import type { VolumeView } from '../ports/volumes.ts';

/** A task in the words of the model; undefined: it is none of ours, or it has stopped. */
export function readFoundTask({ taskArn, startedBy, lastStatus, tags }: TaskView): FoundTask | undefined {
  const identity = startedBy === undefined ? undefined : parseStartedBy(startedBy);
  if (identity === undefined || lastStatus === 'STOPPED') return undefined;
  const clusterId = tags?.['warden:cluster-id'];
  return { ...identity, taskArn, ...(clusterId === undefined ? {} : { clusterId }) };
}

/** A volume in the words of the model; undefined: it has not our tags, or is being deleted. */
export function readFoundVolume({ id, state, tags = {} }: VolumeView): FoundVolume | undefined {
  const service = tags['warden:service'];
  if (service === undefined || state === 'deleting' || state === 'deleted') return undefined;
  const nodeId = wholeNumber(tags['warden:node']);
  const generation = wholeNumber(tags['warden:generation']);
  const clusterId = tags['warden:cluster-id'];
  return {
    ...{ id, service },
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(generation === undefined ? {} : { generation }),
    ...(clusterId === undefined ? {} : { clusterId }),
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
