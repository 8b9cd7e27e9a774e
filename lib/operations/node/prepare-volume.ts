import { strict as assert } from 'node:assert';
import { isGone, launchedOn } from '../../model/broker/gone-host.ts';
import { prepareRunRequest, prepareTaskDefinition } from '../../model/broker/node-task.ts';
import { taskEnd } from '../../model/broker/proven-stop.ts';
import type { NodeGoal, TaskLaunch, TaskSeen } from '../../model/state.ts';
import { launchTask } from './launch-task.ts';
import { type LookPorts, lookAtTask } from './look-at-task.ts';
import {
  done,
  type HeldNode,
  hostGone,
  isStepResult,
  type NodeStepRequest,
  refusedWhereItIs,
  type StepResult,
  storeGoal,
  withHeldNode,
} from './node-step.ts';
import { type LogSettings, nodeTaskInput } from './node-task-input.ts';
import { olderThanTasks } from './older-table.ts';
import { stopNotProven } from './stop-not-proven.ts';

/** A failed preparation is tried again no sooner than so long after its end. */
const retryAfterMs = 10_000;

/**
 * Runs the one-shot task that checks the disk and formats it if it never was. Skipped while the volume stays on the
 * host it was prepared on. Idempotent: the exact request is stored before it is sent.
 */
export function prepareVolume(
  ports: LookPorts & { readonly settings: LogSettings },
  request: NodeStepRequest,
): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const { host, volume } = node.goal;
    assert(host !== undefined && volume?.id !== undefined, 'Place and Attach volume come before');
    if (volume.preparedOn === host.instanceId) return done;
    // Whatever was at work on the disk has ended with the host.
    if (isGone(node.state, host.instanceId)) return hostGone(host.instanceId);
    const current = currentRun(node.goal, host.instanceId);
    const ended = endOf(node, current);
    if (ended !== undefined && !mayTryAgain(ports, node, ended)) return afterLook(ports, node, ended);
    const launched = await launchPreparation(ports, node, ended === undefined ? current : undefined);
    if (isStepResult(launched)) return refusedWhereItIs(node, launched);
    const taskArn = launched.goal.preparation?.taskArn;
    assert(taskArn !== undefined, 'a launched task has an ARN');
    const reason = { type: 'task starting' as const, taskArn };
    const seen = await lookAtTask(ports, request, { taskArn, statuses: ['STOPPED'], reason });
    return afterLook(ports, launched, seen);
  });
}

/** The newest run, if it was asked for on this host; a run on an earlier host says nothing about this one. */
function currentRun(goal: NodeGoal, instanceId: string): TaskLaunch | undefined {
  const { preparation } = goal;
  if (preparation === undefined || preparation.refused === true) return undefined;
  return launchedOn(preparation) === instanceId ? preparation : undefined;
}

/** The end of a run as an event or an earlier look wrote it down. */
function endOf(node: HeldNode, run: TaskLaunch | undefined): TaskSeen | undefined {
  if (run?.taskArn === undefined) return undefined;
  return node.state.seen.find(({ taskArn, lastStatus }) => taskArn === run.taskArn && lastStatus === 'STOPPED');
}

/** Only after a failure whose end is proven: two preparations must never work on one disk. */
function mayTryAgain(ports: LookPorts, { state }: HeldNode, ended: TaskSeen): boolean {
  if (ended.exitCode === 0 || taskEnd(ended, state).type !== 'proven') return false;
  return ports.clock() - (ended.stoppedAt ?? 0) >= retryAfterMs;
}

async function launchPreparation(
  ports: LookPorts & { readonly settings: LogSettings },
  node: HeldNode,
  current: TaskLaunch | undefined,
): Promise<HeldNode | StepResult> {
  if (current !== undefined) return launchTask(ports, node, { field: 'preparation', launch: current });
  const { state, goal } = node;
  const older = await olderThanTasks(ports, { state, nodeId: goal.nodeId, purpose: 'preparation' });
  if (older !== undefined) return older;
  const input = await nodeTaskInput(ports, node);
  const taskDefinitionArn = await ports.tasks.ensureTaskDefinition(prepareTaskDefinition(input));
  const { host, volume } = node.goal;
  assert(host !== undefined && volume !== undefined, 'Place and Attach volume come before');
  const attempt = (node.goal.preparation?.attempt ?? 0) + 1;
  const request = prepareRunRequest({ ...input, taskDefinitionArn, host, attempt }, !volume.fileSystemMade);
  const launch = { attempt, request: JSON.stringify(request), requestedAt: ports.clock() };
  return launchTask(ports, node, { field: 'preparation', launch });
}

async function afterLook(ports: LookPorts, node: HeldNode, seen: TaskSeen | undefined): Promise<StepResult> {
  if (seen === undefined || seen.lastStatus !== 'STOPPED') return { type: 'waiting' };
  const end = taskEnd(seen, node.state);
  if (end.type === 'not proven') {
    return stopNotProven(node.goal, { taskArn: seen.taskArn, why: end.description });
  }
  if (seen.exitCode !== 0) return failedRun(seen);
  const { goal } = node;
  assert(goal.volume !== undefined && goal.host !== undefined, 'Place and Attach volume come before');
  const { movedFrom: _left, ...rest } = goal.volume;
  const volume = { ...rest, preparedOn: goal.host.instanceId, fileSystemMade: true };
  const stored = await storeGoal(ports, node, { ...goal, volume });
  return isStepResult(stored) ? stored : done;
}

function failedRun(seen: TaskSeen): StepResult {
  const exit = seen.exitCode === undefined ? (seen.stoppedReason ?? 'no reason given') : `exit code ${seen.exitCode}`;
  const message = `the task ${seen.taskArn} that prepares the volume failed: ${exit}; its log says why`;
  return { type: 'not ready', reason: { type: 'error', name: 'VolumeNotPrepared', message } };
}
