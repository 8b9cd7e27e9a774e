import { podName } from '../../node.ts';
import type { ServiceState } from '../../state.ts';
import type { FoundTask } from '../found.ts';
import type { Finding } from '../orphan.ts';
import { storedAttempt } from '../stored-attempt.ts';

/** The table does not know this try yet: it is older than the world, as after a restore of a backup. */
export function taskAboveItsNode(task: FoundTask, state: Pick<ServiceState, 'goals'>): Finding | undefined {
  const { taskArn, service, nodeId, attempt } = task;
  const stored = storedAttempt(state, task);
  if (attempt <= stored) return undefined;
  return {
    ...{ what: 'task', id: taskArn, service, nodeId },
    why: `the table is older than the world: it is try ${attempt} of ${podName(nodeId)}, and the table knows ${stored}`,
    remedy: `adopt it: "warden --name=${service} pod adopt ${podName(nodeId)}"; until then nothing of the node is started or stopped`,
  };
}
