import { podName } from '../../node.ts';
import type { ServiceState } from '../../state.ts';
import type { FoundTask } from '../found.ts';
import type { Finding } from '../orphan.ts';
import { storedAttempt } from '../stored-attempt.ts';

/** It calls itself the newest try, and the table names another task for that. */
export function taskBesideItsNode(task: FoundTask, state: Pick<ServiceState, 'goals'>): Finding | undefined {
  const { taskArn, service, nodeId, purpose, attempt } = task;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const named = (purpose === 'node' ? goal?.launch : goal?.preparation)?.taskArn;
  if (attempt !== storedAttempt(state, task) || named === undefined || named === taskArn) return undefined;
  return {
    ...{ what: 'task', id: taskArn, service, nodeId },
    why: `it calls itself try ${attempt} of ${podName(nodeId)}, for which the table names ${named}`,
    remedy: 'look which of the two serves, and stop the other one by hand',
  };
}
