import { familyOf } from '../../model/broker/node-task.ts';
import { podName } from '../../model/node.ts';
import type { ServiceState, TaskPurpose } from '../../model/state.ts';
import type { FoundTask, FoundVolume } from '../../model/truth/found.ts';
import { storedAttempt } from '../../model/truth/stored-attempt.ts';
import type { Store } from '../../ports/store.ts';
import type { Tasks } from '../../ports/tasks.ts';
import type { Volumes } from '../../ports/volumes.ts';
import { readFoundTask, readFoundVolume } from '../read-found.ts';
import type { StepResult } from './node-step.ts';

interface LookedFor {
  readonly state: ServiceState;
  readonly nodeId: number;
  readonly purpose: TaskPurpose;
}

/**
 * A task of the node that lives, of a try that the table does not know: the table is older than the world, and whatever
 * the node's record says of its process is not true. The wait ends when an operator adopts the task, or it is over.
 */
export async function olderThanTasks(
  ports: { readonly store: Store; readonly tasks: Tasks },
  { state, nodeId, purpose }: LookedFor,
): Promise<StepResult | undefined> {
  const above = await tasksAboveStored(ports, { state, nodeId, purpose });
  const [newest] = above;
  if (newest === undefined) return undefined;
  // Whoever starts a task stores its number before: one that was not there a moment ago is no news.
  const { service } = state.target;
  const goal = await ports.store.readGoal(service, nodeId);
  const stored = storedAttempt({ goals: goal === undefined ? [] : [goal] }, { nodeId, purpose });
  if (newest.attempt <= stored) return undefined;
  return {
    type: 'not ready',
    reason: {
      ...{ type: 'table older than the world', id: newest.taskArn, what: 'try', found: newest.attempt, stored },
      pod: podName(nodeId),
    },
  };
}

/** Newest first. */
export async function tasksAboveStored(
  { tasks }: { readonly tasks: Tasks },
  { state, nodeId, purpose }: LookedFor,
): Promise<readonly FoundTask[]> {
  const { service, clusterId } = state.target;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const known = (purpose === 'node' ? goal?.launch : goal?.preparation)?.taskArn;
  const others = (await tasks.listRunningOf(familyOf(service, nodeId, purpose))).filter((arn) => arn !== known);
  if (others.length === 0) return [];
  const stored = storedAttempt(state, { nodeId, purpose });
  return (await tasks.describeMany(others))
    .flatMap((view) => readFoundTask(view) ?? [])
    .filter((task) => (task.clusterId ?? clusterId) === clusterId && isOf(task, { state, nodeId, purpose }))
    .filter(({ attempt }) => attempt > stored)
    .sort((one, other) => other.attempt - one.attempt);
}

function isOf(task: FoundTask, { state, nodeId, purpose }: LookedFor): boolean {
  return task.service === state.target.service && task.nodeId === nodeId && task.purpose === purpose;
}

/** The volumes of a node, of all generations, highest first. */
export async function volumesOfNode(
  { volumes }: { readonly volumes: Volumes },
  { state, nodeId }: Pick<LookedFor, 'state' | 'nodeId'>,
): Promise<readonly FoundVolume[]> {
  const tags = { 'warden:cluster-id': state.target.clusterId, 'warden:node': String(nodeId) };
  const found = (await volumes.listTagged(tags)).flatMap((view) => readFoundVolume(view) ?? []);
  return [...found].sort((one, other) => (other.generation ?? 0) - (one.generation ?? 0));
}

/** The same of a volume of a generation that the table does not know: the node's data is on that one. */
export async function olderThanVolumes(
  ports: { readonly store: Store; readonly volumes: Volumes },
  looked: Pick<LookedFor, 'state' | 'nodeId'>,
): Promise<StepResult | undefined> {
  const { state, nodeId } = looked;
  const [newest] = await volumesOfNode(ports, looked);
  const goal = await ports.store.readGoal(state.target.service, nodeId);
  const stored = goal?.volume?.generation ?? 0;
  const found = newest?.generation ?? 0;
  if (newest === undefined || found <= stored) return undefined;
  return {
    type: 'not ready',
    reason: {
      ...{ type: 'table older than the world', id: newest.id, what: 'generation', found, stored },
      pod: podName(nodeId),
    },
  };
}
