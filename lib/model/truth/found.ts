import type { NodeId } from '../node.ts';
import type { TaskPurpose } from '../state.ts';

/** A task of ours that lives, as its startedBy and its tags name it. */
export interface FoundTask {
  readonly taskArn: string;
  readonly service: string;
  readonly nodeId: NodeId;
  readonly purpose: TaskPurpose;
  readonly attempt: number;
  /** Which of the services that had this name. Absent: it has no such tag. */
  readonly clusterId?: string;
}

/** A volume with our tags. What of them is missing or makes no sense is absent. */
export interface FoundVolume {
  readonly id: string;
  readonly service: string;
  readonly nodeId?: NodeId;
  readonly generation?: number;
  readonly clusterId?: string;
}
