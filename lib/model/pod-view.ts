import { nodeRun } from './broker/node-run.ts';
import { openReplacement } from './broker/open-replacement.ts';
import { openRestart } from './broker/open-restart.ts';
import { pauseNow } from './broker/pause-now.ts';
import { taskEnd } from './broker/proven-stop.ts';
import { dedicatedControllerIds, type NodeId, podName, roleOf, taskName } from './node.ts';
import { isOfWord } from './plan/execution.ts';
import type { ServiceState, TaskSeen } from './state.ts';
import { waitingSentence } from './waiting-reason.ts';

/** Of tasks, in the words of Mesos without their `TASK_`; PAUSING and PAUSED as in the 2.x guides. */
export type PodTaskStatus =
  | 'STAGING'
  | 'STARTING'
  | 'RUNNING'
  | 'KILLING'
  | 'KILLED'
  | 'FINISHED'
  | 'FAILED'
  | 'LOST'
  | 'PAUSING'
  | 'PAUSED';

/** A task as the 2.x guides show it. Its id and its status are absent until the node was started for the first time. */
export interface PodTask {
  readonly id?: string;
  readonly name: string;
  readonly status?: PodTaskStatus;
}

export interface Pod {
  readonly name: string;
  readonly tasks: readonly PodTask[];
}

/** A type of pods with its instances. */
export interface PodGroup {
  readonly name: string;
  readonly instances: readonly Pod[];
}

/** Ids of all nodes: brokers first. */
export function podNodeIds({ target }: Pick<ServiceState, 'target'>): readonly NodeId[] {
  return [...target.brokerIds, ...dedicatedControllerIds(target)];
}

/** The pods of a service by type. `now`: epoch milliseconds. */
export function podGroups(state: ServiceState, now: number): readonly PodGroup[] {
  const of = (role: string) => podNodeIds(state).filter((nodeId) => roleOf(nodeId) === role);
  const group = (name: string, nodeIds: readonly NodeId[]): readonly PodGroup[] =>
    nodeIds.length === 0 ? [] : [{ name, instances: nodeIds.map((nodeId) => podOf(state, nodeId, now)) }];
  return [...group('kafka', of('broker')), ...group('controller', of('controller'))];
}

/** One pod; each has one task. */
export function podOf(state: ServiceState, nodeId: NodeId, now: number): Pod {
  const id = taskIdOf(state, nodeId);
  const status = taskStatusOf(state, nodeId, now);
  const task = {
    ...(id === undefined ? {} : { id }),
    name: taskName(nodeId),
    ...(status === undefined ? {} : { status }),
  };
  return { name: podName(nodeId), tasks: [task] };
}

/** What is known of a pod's task and where it runs. */
export interface PodTaskInfo {
  readonly info: {
    readonly name: string;
    readonly taskId?: string;
    readonly taskArn?: string;
    readonly attempt: number;
    readonly configId?: string;
    readonly instanceId?: string;
    readonly address?: string;
    readonly zone?: string;
    readonly volumeId?: string;
    /** Of a pause that lasts. */
    readonly pausedBy?: string;
    /** Of a restart that is not answered. */
    readonly restartAskedBy?: string;
    /** Of a replacement that is not decided. */
    readonly replacementAskedBy?: string;
    /** What a restart, a replacement or a pause of it waits for before it stops it, as a sentence. */
    readonly waitsFor?: string;
  };
  readonly status: {
    readonly state?: PodTaskStatus;
    readonly lastStatus?: string;
    readonly desiredStatus?: string;
    readonly stopCode?: string;
    readonly stoppedReason?: string;
    readonly exitCode?: number;
  };
}

export function podTaskInfo(state: ServiceState, nodeId: NodeId, now: number): PodTaskInfo {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const { host, volume, launch } = goal ?? {};
  const run = goal && nodeRun(state, goal);
  const seen = run?.type === 'seen' ? run.seen : undefined;
  const info = {
    ...{ name: taskName(nodeId), taskId: taskIdOf(state, nodeId), taskArn: launch?.taskArn },
    ...{ attempt: goal?.attempt ?? 0, configId: goal?.configId, instanceId: host?.instanceId },
    ...{ address: host?.address, zone: host?.zone, volumeId: volume?.id },
    pausedBy: pauseNow(state, nodeId, now)?.requestedBy,
    restartAskedBy: openRestart(state, nodeId)?.requestedBy,
    replacementAskedBy: openReplacement(state, nodeId)?.requestedBy,
    waitsFor: waitOfWord(state, nodeId),
  };
  const { lastStatus, desiredStatus, stopCode, stoppedReason, exitCode } = seen ?? {};
  const ended = { stopCode, stoppedReason, exitCode };
  const status = { state: taskStatusOf(state, nodeId, now), lastStatus, desiredStatus, ...ended };
  return { info: definedOf(info) as PodTaskInfo['info'], status: definedOf(status) as PodTaskInfo['status'] };
}

/** `kafka-0-broker__<id of the ECS task>`, as Mesos had it; undefined: none is known. */
export function taskIdOf(state: ServiceState, nodeId: NodeId): string | undefined {
  const taskArn = state.goals.find((goal) => goal.nodeId === nodeId)?.launch?.taskArn;
  return taskArn === undefined ? undefined : `${taskName(nodeId)}__${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;
}

function taskStatusOf(state: ServiceState, nodeId: NodeId, now: number): PodTaskStatus | undefined {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (goal === undefined) return undefined;
  const run = nodeRun(state, goal);
  const isDown = run.type === 'never started' || (run.type === 'seen' && run.seen?.lastStatus === 'STOPPED');
  if (pauseNow(state, nodeId, now) !== undefined) return isDown ? 'PAUSED' : 'PAUSING';
  switch (run.type) {
    case 'never started':
      return undefined;
    case 'requested':
      return 'STAGING';
    case 'seen':
      return run.seen === undefined ? 'STAGING' : mesosStatus(state, run.seen);
  }
}

function mesosStatus(state: ServiceState, seen: TaskSeen): PodTaskStatus {
  if (seen.lastStatus === 'STOPPED') return endStatus(state, seen);
  if (seen.desiredStatus === 'STOPPED') return 'KILLING';
  if (seen.lastStatus === 'RUNNING') return 'RUNNING';
  return seen.lastStatus === 'PROVISIONING' || seen.lastStatus === 'PENDING' ? 'STAGING' : 'STARTING';
}

/** Without proof of its end a task is lost, as it was to Mesos. */
function endStatus(state: ServiceState, seen: TaskSeen): PodTaskStatus {
  const end = taskEnd(seen, state);
  if (end.type !== 'proven') return 'LOST';
  if (end.asked) return 'KILLED';
  return seen.exitCode === 0 ? 'FINISHED' : 'FAILED';
}

/** By the names of the executions that follow words about nodes; those of plans show in their plans. */
function waitOfWord({ waits, target }: ServiceState, nodeId: NodeId): string | undefined {
  const wait = waits.findLast(
    ({ nodeId: waiting, holder, reason }) =>
      waiting === nodeId && reason.type !== 'paused' && isOfWord(holder, target.service, nodeId),
  );
  return wait && waitingSentence(wait.reason);
}

function definedOf(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
