import type { RunTaskRequest } from '../../model/broker/run-task-request.ts';
import type { TaskLaunch } from '../../model/state.ts';
import type { Tasks } from '../../ports/tasks.ts';
import { type HeldNode, isStepResult, type NodeStepPorts, type StepResult, storeGoal } from './node-step.ts';

/** ECS forgets a client token after 24 h; an hour less is safe. */
const clientTokenValidMs = 23 * 3_600_000;

interface Launch {
  readonly field: 'launch' | 'preparation';
  readonly launch: TaskLaunch;
}

/**
 * Stores the request, sends it, stores the ARN. When the process dies between any two of them, the next run sends the
 * stored request again byte for byte, and ECS answers with the task that it started the first time.
 */
export async function launchTask(
  ports: NodeStepPorts & { readonly tasks: Tasks },
  node: HeldNode,
  { field, launch }: Launch,
): Promise<HeldNode | StepResult> {
  if (launch.taskArn !== undefined) return node;
  const attempt = field === 'launch' ? { attempt: launch.attempt } : {};
  const stored = await storeGoal(ports, node, { ...node.goal, ...attempt, [field]: launch });
  if (isStepResult(stored)) return stored;
  const request = JSON.parse(launch.request) as RunTaskRequest;
  if (ports.clock() - launch.requestedAt > clientTokenValidMs) return adoptOld(ports, stored, { field, launch });
  const result = await ports.tasks.run(request);
  if (result.type === 'refused') {
    return { type: 'not ready', reason: { type: 'task refused', refusals: result.reasons } };
  }
  return storeGoal(ports, stored, { ...stored.goal, [field]: { ...launch, taskArn: result.taskArn } });
}

/** The token no longer protects: only ECS's own list tells whether the old request had an effect. */
async function adoptOld(
  ports: NodeStepPorts & { readonly tasks: Tasks },
  node: HeldNode,
  { field, launch }: Launch,
): Promise<HeldNode | StepResult> {
  const request = JSON.parse(launch.request) as RunTaskRequest;
  const [taskArn] = await ports.tasks.listStartedBy(request.startedBy);
  if (taskArn !== undefined) return storeGoal(ports, node, { ...node.goal, [field]: { ...launch, taskArn } });
  const goal = { ...node.goal };
  delete goal[field];
  const stored = await storeGoal(ports, node, goal);
  if (isStepResult(stored)) return stored;
  return {
    type: 'not ready',
    reason: { type: 'task refused', refusals: ['the last request is a day old and started nothing'] },
  };
}
