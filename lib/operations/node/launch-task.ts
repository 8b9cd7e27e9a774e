import type { RunTaskRequest } from '../../model/broker/run-task-request.ts';
import type { TaskLaunch } from '../../model/state.ts';
import type { Tasks, TaskView } from '../../ports/tasks.ts';
import { type HeldNode, isStepResult, type NodeStepPorts, type StepResult, storeGoal } from './node-step.ts';
import { stopStrays } from './stop-strays.ts';

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
  const stored =
    node.goal[field] === launch ? node : await storeGoal(ports, node, { ...node.goal, ...attempt, [field]: launch });
  if (isStepResult(stored)) return stored;
  const request = JSON.parse(launch.request) as RunTaskRequest;
  const views = (): Promise<readonly TaskView[]> => tasksOf(ports.tasks, request.startedBy);
  if (ports.clock() - launch.requestedAt > clientTokenValidMs) {
    // The token no longer protects: only ECS's own list tells whether the old request had an effect.
    return conclude(ports, stored, { field, launch, tasks: await views(), refusals: [tooOld] });
  }
  const result = await ports.tasks.run(request);
  if (result.type === 'refused') {
    const living = (await views()).filter(({ lastStatus }) => lastStatus !== 'STOPPED');
    if (living.length === 0 && field === 'launch')
      await stopStrays(ports.tasks, stored.goal, stored.state.target.clusterId);
    return conclude(ports, stored, { field, launch, tasks: living, refusals: result.reasons });
  }
  return storeGoal(ports, stored, { ...stored.goal, [field]: { ...launch, taskArn: result.taskArn } });
}

const tooOld = 'the last request is a day old and started nothing';

async function tasksOf(tasks: Tasks, startedBy: string): Promise<readonly TaskView[]> {
  return tasks.describeMany(await tasks.listStartedBy(startedBy));
}

/** Takes the task that there is after all; where there is none the next try takes the next number and a new request. */
async function conclude(
  ports: NodeStepPorts,
  node: HeldNode,
  ended: Launch & { readonly tasks: readonly TaskView[]; readonly refusals: readonly string[] },
): Promise<HeldNode | StepResult> {
  const { field, launch, tasks, refusals } = ended;
  const taskArn = tasks[0]?.taskArn;
  if (taskArn !== undefined) return storeGoal(ports, node, { ...node.goal, [field]: { ...launch, taskArn } });
  const stored = await storeGoal(ports, node, { ...node.goal, [field]: { ...launch, refused: true } });
  return isStepResult(stored) ? stored : { type: 'not ready', reason: { type: 'task refused', refusals } };
}
