import type { ServiceState } from '../state.ts';
import type { FoundTask } from './found.ts';
import type { Finding } from './orphan.ts';
import { taskAboveItsNode } from './rules/task-above-its-node.ts';
import { taskBesideItsNode } from './rules/task-beside-its-node.ts';
import { taskIsALeftover } from './rules/task-is-a-leftover.ts';
import { taskOfAnUnknownNode } from './rules/task-of-an-unknown-node.ts';
import { taskOfAnUnknownService } from './rules/task-of-an-unknown-service.ts';

export type TaskJudgement =
  | { readonly type: 'known' }
  | { readonly type: 'leftover' }
  | { readonly type: 'orphan'; readonly finding: Finding };

/** What a task that lives is to its service, as the table has it; undefined: the table has no such service. */
export function judgeTask(task: FoundTask, state: Pick<ServiceState, 'target' | 'goals'> | undefined): TaskJudgement {
  const unknown = taskOfAnUnknownService(task, state);
  if (unknown !== undefined || state === undefined)
    return unknown ? { type: 'orphan', finding: unknown } : { type: 'known' };
  const finding = taskOfAnUnknownNode(task, state) ?? taskAboveItsNode(task, state) ?? taskBesideItsNode(task, state);
  if (finding !== undefined) return { type: 'orphan', finding };
  return taskIsALeftover(task, state) ? { type: 'leftover' } : { type: 'known' };
}
