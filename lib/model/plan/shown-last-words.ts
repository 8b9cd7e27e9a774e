import type { NodeId } from '../node.ts';
import type { LastWords, NodeGoal, ServiceState } from '../state.ts';

/** The end of a log, as a step shows it. */
export type ShownLastWords = Pick<LastWords, 'taskArn' | 'lines' | 'unread'>;

/**
 * What the process of a node's newest try said last, or that of the try before while the node was not in sync since:
 * both are of its failures in a row. Undefined when no such process ended, or none said anything.
 */
export function shownLastWords(state: ServiceState, nodeId: NodeId): ShownLastWords | undefined {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const words = state.lastWords.find((candidate) => candidate.nodeId === nodeId);
  if (goal === undefined || words === undefined) return undefined;
  const { taskArn, lines, unread } = words;
  if (!isOfNewestTry(goal, words) && !isOfLastFailure(goal, words)) return undefined;
  return { taskArn, lines, ...(unread === undefined ? {} : { unread }) };
}

/** A message of a step, and below it the last words line by line. */
export function withLastWords(message: string, words: ShownLastWords | undefined): string {
  if (words === undefined) return message;
  const id = words.taskArn.slice(words.taskArn.lastIndexOf('/') + 1);
  if (words.unread !== undefined) return `${message}\nThe log of task ${id} could not be read: ${words.unread}`;
  return [message, `The log of task ${id} ends:`, ...words.lines].join('\n');
}

function isOfNewestTry(goal: NodeGoal, { attempt, taskArn }: LastWords): boolean {
  return attempt === goal.attempt && (goal.launch?.taskArn ?? taskArn) === taskArn;
}

function isOfLastFailure({ failures }: NodeGoal, { attempt }: LastWords): boolean {
  return failures.count > 0 && attempt === failures.lastAttempt;
}
