import type {
  ContainerOrder,
  ContainerReport,
  DependencyCondition,
  Health,
  StopCause,
  TaskOrder,
  TaskReport,
} from '../hosts/protocol.ts';

/** A container as its agent keeps it. STARTING is stored before the process is made: it is made at most once. */
export interface ContainerState {
  readonly status: 'PENDING' | 'STARTING' | 'RUNNING' | 'STOPPED';
  readonly runtimeId?: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly health?: Health;
}

/** A task as its agent keeps it. With a cause it is on its way to its end. */
export interface TaskState {
  readonly order: TaskOrder;
  readonly containers: Readonly<Record<string, ContainerState>>;
  readonly cause?: StopCause;
  readonly pullStartedAt?: number;
  readonly pullStoppedAt?: number;
  readonly startedAt?: number;
  readonly stoppingAt?: number;
  readonly executionStoppedAt?: number;
  readonly stoppedAt?: number;
}

/** What to do next with a task: containers to start, to stop, and to give up before they start. */
export interface NextSteps {
  readonly start: readonly string[];
  readonly stop: readonly string[];
  readonly skip: readonly string[];
}

/** A task of which nothing has been done yet. */
export function newTask(order: TaskOrder): TaskState {
  return {
    order,
    containers: Object.fromEntries(order.containers.map(({ name }) => [name, { status: 'PENDING' as const }])),
  };
}

/** Containers start when what they depend on allows it; at the end the order is turned round. */
export function nextSteps(task: TaskState): NextSteps {
  const { containers } = task.order;
  if (task.cause === undefined) {
    const ready = containers
      .filter(({ name }) => stateOf(task, name).status === 'PENDING')
      .filter((one) => isReady(task, one));
    return { start: ready.map(({ name }) => name), stop: [], skip: [] };
  }
  const running = containers.filter(({ name }) => stateOf(task, name).status === 'RUNNING');
  const stoppable = running.filter(({ name }) => !running.some((other) => dependsOn(other, name)));
  const pending = containers.filter(({ name }) => stateOf(task, name).status === 'PENDING');
  return { start: [], stop: stoppable.map(({ name }) => name), skip: pending.map(({ name }) => name) };
}

/** Why a task has to end by itself; undefined while it may go on. */
export function endingCause(task: TaskState): StopCause | undefined {
  for (const container of task.order.containers) {
    const state = stateOf(task, container.name);
    if (state.status === 'STOPPED' && state.exitCode === undefined) {
      return { stopCode: 'TaskFailedToStart', stoppedReason: state.reason ?? 'Task failed to start' };
    }
    const broken = container.dependsOn.find((one) => state.status === 'PENDING' && isOutOfReach(task, one));
    if (broken !== undefined) {
      const stoppedReason = `Task failed to start: container ${container.name} depends on ${broken.container} reaching ${broken.condition}, which ended with exit code ${stateOf(task, broken.container).exitCode}`;
      return { stopCode: 'TaskFailedToStart', stoppedReason };
    }
    if (container.essential && state.status === 'STOPPED') {
      return { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };
    }
  }
  return undefined;
}

/** Whether every container has ended. */
export function isOver(task: TaskState): boolean {
  return Object.values(task.containers).every(({ status }) => status === 'STOPPED');
}

/** Whether every container runs, or ran and was allowed to end. */
export function isUp(task: TaskState): boolean {
  return Object.values(task.containers).every(({ status }) => status === 'RUNNING' || status === 'STOPPED');
}

/** What the cloud is told. */
export function reportOf(task: TaskState): TaskReport {
  const { order, containers, ...times } = task;
  return {
    ...times,
    taskArn: order.taskArn,
    status: statusOf(task),
    containers: order.containers.map(({ name }): ContainerReport => {
      const state = stateOf(task, name);
      return { ...state, name, status: state.status === 'STARTING' ? 'PENDING' : state.status };
    }),
  };
}

function statusOf(task: TaskState): TaskReport['status'] {
  if (task.stoppedAt !== undefined) return 'STOPPED';
  if (task.cause !== undefined) return 'STOPPING';
  return task.startedAt === undefined ? 'PENDING' : 'RUNNING';
}

function isReady(task: TaskState, container: ContainerOrder): boolean {
  return container.dependsOn.every(({ container: name, condition }) => hasReached(stateOf(task, name), condition));
}

function hasReached({ status, exitCode, health }: ContainerState, condition: DependencyCondition): boolean {
  switch (condition) {
    case 'START':
      return status === 'RUNNING' || status === 'STOPPED';
    case 'COMPLETE':
      return status === 'STOPPED';
    case 'SUCCESS':
      return status === 'STOPPED' && exitCode === 0;
    case 'HEALTHY':
      return status === 'RUNNING' && health === 'HEALTHY';
  }
}

function isOutOfReach(task: TaskState, on: ContainerOrder['dependsOn'][number]): boolean {
  const { status, exitCode } = stateOf(task, on.container);
  if (status !== 'STOPPED') return false;
  return on.condition === 'HEALTHY' || (on.condition === 'SUCCESS' && exitCode !== 0);
}

function dependsOn(container: ContainerOrder, name: string): boolean {
  return container.dependsOn.some((one) => one.container === name);
}

function stateOf(task: TaskState, name: string): ContainerState {
  return task.containers[name] ?? { status: 'PENDING' };
}
