import { lastWordsIn } from '../model/broker/last-words.ts';
import { taskEnd } from '../model/broker/proven-stop.ts';
import type { LastWords, ServiceState, TaskSeen } from '../model/state.ts';
import type { Store } from '../ports/store.ts';
import type { TaskLogs } from '../ports/task-logs.ts';

/**
 * Notes what the process of a node said last before it ended without being asked to, for whoever wonders why. Looks again
 * each time it is called as long as there is nothing to show. A log that does not answer is noted too, and fails nothing.
 * The only writer of LAST-WORDS. Idempotent.
 */
export async function noteLastWords(
  ports: { readonly store: Store; readonly taskLogs: TaskLogs },
  state: ServiceState,
  seen: TaskSeen,
): Promise<void> {
  if (!endedUnasked(state, seen) || !isNewestTry(state, seen) || isNoted(state, seen)) return;
  const { service, nodeId, taskArn, attempt } = seen;
  const found = await readLog(ports.taskLogs, seen);
  if (found.lines.length === 0 && found.unread === undefined) return;
  await ports.store.putLastWords({ service, nodeId, taskArn, attempt, ...found });
}

function endedUnasked(state: ServiceState, seen: TaskSeen): boolean {
  const end = taskEnd(seen, state);
  return seen.purpose === 'node' && (end.type === 'not proven' || (end.type === 'proven' && !end.asked));
}

/** An event can come long after the end of an earlier service of the name, whose tries were counted alike. */
function isNewestTry(state: ServiceState, { nodeId, taskArn }: TaskSeen): boolean {
  return state.goals.some(({ nodeId: other, launch }) => other === nodeId && launch?.taskArn === taskArn);
}

function isNoted(state: ServiceState, { taskArn }: TaskSeen): boolean {
  return state.lastWords.some((words) => words.taskArn === taskArn && words.unread === undefined);
}

async function readLog(logs: TaskLogs, task: TaskSeen): Promise<Pick<LastWords, 'lines' | 'unread'>> {
  try {
    return { lines: lastWordsIn(await logs.tail(task)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { lines: [], unread: `${error.name}: ${error.message}` };
  }
}
