import { familyOf, parseStartedBy } from '../../lib/model/broker/node-task.ts';
import type { RunTaskRequest } from '../../lib/model/broker/run-task-request.ts';
import type { TaskDefinitionSpec } from '../../lib/model/broker/task-definition.ts';
import type { Tasks, TaskView } from '../../lib/ports/tasks.ts';
import type { HandClock } from './hand-clock.ts';

/** A task as the fake keeps it. */
export interface FakeTask {
  readonly view: TaskView;
  readonly request: RunTaskRequest;
  readonly definition: TaskDefinitionSpec;
  /** Whatever ECS shows, no process of it is left. */
  readonly isLost?: true;
}

/** How a container ends. Without an exit code ECS does not know. */
interface TaskEnding {
  readonly stopCode: string;
  readonly stoppedReason?: string;
  readonly exitCode?: number;
}

export interface FakeTasks extends Tasks {
  /** All tasks that ECS has not forgotten, oldest first. */
  list(): readonly FakeTask[];
  /** The newest node task of a node. */
  ofNode(nodeId: number): FakeTask | undefined;
  /** The process ends without being asked to, or is lost with its host. */
  end(taskArn: string, ending: TaskEnding): void;
  /** Its process is gone with its host, and ECS never hears of it. */
  lose(taskArn: string): void;
  forget(taskArn: string): void;
  /** The next RunTask answers so and starts nothing. */
  refuseNext(...reasons: readonly string[]): void;
  /** How many RunTask calls started something, by startedBy. */
  readonly starts: ReadonlyMap<string, number>;
  /** Tokens that came again with other bytes. */
  readonly conflicts: readonly string[];
  readonly families: ReadonlyMap<string, readonly TaskDefinitionSpec[]>;
}

export interface FakeTasksOptions {
  readonly clock: HandClock;
  /** Each change of a task, as ECS's events tell it. */
  readonly onChange: (view: TaskView) => void;
  /** What the program does once it runs: ends with a code after some time, or serves (undefined). */
  /** How long a task takes from RunTask to RUNNING. */
  readonly startMs?: number;
  /** How long a task lives on after StopTask. */
  readonly stopMs?: number;
  readonly program: (task: FakeTask) => { readonly exitCode: number; readonly afterMs: number } | undefined;
}

/** ECS's tasks in memory: tokens, rising versions, statuses, exit codes. */
export function createFakeTasks({
  clock,
  onChange,
  program,
  startMs = 800,
  stopMs = 600,
}: FakeTasksOptions): FakeTasks {
  const tasks = new Map<string, FakeTask>();
  const tokens = new Map<string, { readonly bytes: string; readonly taskArn: string }>();
  const definitions = new Map<string, TaskDefinitionSpec>();
  const families = new Map<string, TaskDefinitionSpec[]>();
  const starts = new Map<string, number>();
  const conflicts: string[] = [];
  const refusals: (readonly string[])[] = [];

  const change = (taskArn: string, fields: Partial<TaskView>) => {
    const task = tasks.get(taskArn);
    if (task === undefined || task.view.lastStatus === 'STOPPED') return;
    const view = { ...task.view, ...fields, version: task.view.version + 1 };
    tasks.set(taskArn, { ...task, view });
    onChange(view);
  };
  const end = (taskArn: string, ending: TaskEnding) =>
    change(taskArn, { ...ending, lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: clock.clock() });
  const becomeRunning = (taskArn: string) => {
    const task = tasks.get(taskArn);
    if (task?.view.lastStatus !== 'PENDING' || task.view.desiredStatus === 'STOPPED') return;
    change(taskArn, { lastStatus: 'RUNNING' });
    const exit = program(task);
    if (exit === undefined) return;
    clock.after(exit.afterMs, () => end(taskArn, { stopCode: 'EssentialContainerExited', exitCode: exit.exitCode }));
  };
  const start = (request: RunTaskRequest, definition: TaskDefinitionSpec): string => {
    const taskArn = `arn:aws:ecs:eu-west-1:111122223333:task/warden/${tokens.size + 1}`;
    const { startedBy, group } = request;
    const told = { startedBy, group, tags: request.tags, createdAt: clock.clock() };
    const view = { taskArn, version: 1, lastStatus: 'PENDING', desiredStatus: 'RUNNING', ...told };
    tasks.set(taskArn, { view, request, definition });
    starts.set(startedBy, (starts.get(startedBy) ?? 0) + 1);
    onChange(view);
    clock.after(startMs, () => becomeRunning(taskArn));
    return taskArn;
  };

  return {
    starts,
    conflicts,
    families,
    end,
    list: () => [...tasks.values()],
    ofNode: (nodeId) => [...tasks.values()].findLast(({ request }) => isOfNode(request, nodeId)),
    lose: (taskArn) => {
      const task = tasks.get(taskArn);
      if (task !== undefined) tasks.set(taskArn, { ...task, isLost: true });
    },
    forget: (taskArn) => tasks.delete(taskArn),
    refuseNext: (...reasons) => refusals.push(reasons),
    async ensureTaskDefinition(definition) {
      const revisions = families.get(definition.family) ?? [];
      const newest = revisions.at(-1);
      if (newest === undefined || JSON.stringify(newest) !== JSON.stringify(definition)) revisions.push(definition);
      families.set(definition.family, revisions);
      const arn = `arn:aws:ecs:eu-west-1:111122223333:task-definition/${definition.family}:${revisions.length}`;
      definitions.set(arn, definition);
      return arn;
    },
    async deregisterFamily(family) {
      families.delete(family);
    },
    async run(request) {
      const known = tokens.get(request.clientToken);
      const bytes = JSON.stringify(request);
      if (known !== undefined) {
        if (known.bytes !== bytes) conflicts.push(request.clientToken);
        return { type: 'started', taskArn: known.taskArn };
      }
      const reasons = refusals.shift();
      if (reasons !== undefined) return { type: 'refused', reasons };
      const definition = definitions.get(request.taskDefinitionArn);
      if (definition === undefined) throw new Error(`no task definition ${request.taskDefinitionArn}`);
      const taskArn = start(request, definition);
      tokens.set(request.clientToken, { bytes, taskArn });
      return { type: 'started', taskArn };
    },
    async stop(taskArn) {
      const task = tasks.get(taskArn);
      if (task === undefined || task.view.desiredStatus === 'STOPPED') return;
      change(taskArn, { desiredStatus: 'STOPPED', stopCode: 'UserInitiated' });
      clock.after(stopMs, () => end(taskArn, { stopCode: 'UserInitiated', exitCode: 143 }));
    },
    describe: async (taskArn) => tasks.get(taskArn)?.view,
    describeMany: async (taskArns) => taskArns.flatMap((taskArn) => tasks.get(taskArn)?.view ?? []),
    listStartedBy: async (startedBy) =>
      [...tasks.values()].filter((task) => task.request.startedBy === startedBy).map(({ view }) => view.taskArn),
    listRunningOf: async (family) =>
      [...tasks.values()]
        .filter(({ request, view }) => view.desiredStatus === 'RUNNING' && isOfFamily(request, family))
        .map(({ view }) => view.taskArn),
    listRunning: async (most) => {
      const found = [...tasks.values()].filter(({ view }) => view.desiredStatus === 'RUNNING');
      return { taskArns: found.slice(0, most).map(({ view }) => view.taskArn), hasMore: found.length > most };
    },
  };
}

function isOfFamily({ startedBy }: RunTaskRequest, family: string): boolean {
  const identity = parseStartedBy(startedBy);
  return identity !== undefined && familyOf(identity.service, identity.nodeId, identity.purpose) === family;
}

function isOfNode(request: RunTaskRequest, nodeId: number): boolean {
  const identity = parseStartedBy(request.startedBy);
  return identity?.purpose === 'node' && identity.nodeId === nodeId;
}
