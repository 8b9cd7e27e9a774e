import { strict as assert } from 'node:assert';
import { controllerPlaces } from '../../model/broker/controller-places.ts';
import { earlierTries } from '../../model/broker/earlier-tries.ts';
import { nextStartDueAt } from '../../model/broker/failover-delay.ts';
import { isGone } from '../../model/broker/gone-host.ts';
import { controllerAddresses } from '../../model/broker/has-lost-controllers.ts';
import { nodeRun } from '../../model/broker/node-run.ts';
import { type NodeTaskInput, nodeRunRequest, nodeTaskDefinition } from '../../model/broker/node-task.ts';
import { openRestart } from '../../model/broker/open-restart.ts';
import { taskEnd } from '../../model/broker/proven-stop.ts';
import { standingFailures } from '../../model/broker/standing-failures.ts';
import { storageFormat } from '../../model/broker/storage-format.ts';
import { advertisedHost } from '../../model/names/advertised-host.ts';
import type { NodeGoal, ServiceState, TaskLaunch, TaskSeen } from '../../model/state.ts';
import { failoverSettingsOf } from './failover-settings-of.ts';
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
  wantedConfigId,
  withHeldNode,
} from './node-step.ts';
import { type LogSettings, nodeTaskInput } from './node-task-input.ts';
import { olderThanTasks } from './older-table.ts';
import { packedProperties } from './packed-properties.ts';
import { operatorRestart } from './restart-reasons.ts';
import { stopNotProven } from './stop-not-proven.ts';

/** So far the clocks of two functions may be apart. */
const clockSpreadMs = 1_000;

type Ports = LookPorts & { readonly settings: LogSettings };

/**
 * Starts the node unless its newest task runs or was asked for, and waits until it runs. Idempotent: the exact request
 * is stored before it is sent, and a task is never started while the stop of the last one is not proven.
 */
export function startNode(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  return withHeldNode(ports, request, async (node) => {
    const launched = await launch(ports, request, node);
    if (isStepResult(launched)) return refusedWhereItIs(node, launched);
    const taskArn = launched.goal.launch?.taskArn;
    assert(taskArn !== undefined, 'a launched task has an ARN');
    const reason = { type: 'task starting' as const, taskArn };
    const seen = await lookAtTask(ports, request, { taskArn, statuses: ['RUNNING', 'STOPPED'], reason });
    if (seen?.lastStatus === 'RUNNING') return done;
    return seen?.lastStatus === 'STOPPED' ? taskStopped(seen) : { type: 'waiting' };
  });
}

/** The machine goes back to Release registration, which takes the end up. */
function taskStopped(seen: TaskSeen): StepResult {
  return {
    type: 'failed',
    error: 'TaskStopped',
    cause: seen.stoppedReason ?? 'the task stopped while it was starting',
  };
}

async function launch(ports: Ports, request: NodeStepRequest, node: HeldNode): Promise<HeldNode | StepResult> {
  const run = nodeRun(node.state, node.goal);
  if (run.type === 'never started') return launchAnew(ports, request, node);
  const current = node.goal.launch;
  assert(current !== undefined, 'a node that was started has a request');
  if (run.type === 'requested') return launchTask(ports, node, { field: 'launch', launch: current });
  const end = run.seen === undefined ? undefined : taskEnd(run.seen, node.state);
  if (run.seen === undefined || end === undefined || end.type === 'lives') return node;
  if (end.type === 'not proven') {
    return stopNotProven(node.goal, { taskArn: run.taskArn, why: end.description });
  }
  const { failures, attempt } = node.goal;
  const settings = await failoverSettingsOf(ports, node.goal);
  const standing = standingFailures(node.state, node.goal, wantedConfigId(request, node));
  // An invocation that its machine has given up may still be here: the take-up alone does not say that the delay is over.
  const isDue = ports.clock() >= nextStartDueAt({ ...run.seen, asked: end.asked }, standing, settings) - clockSpreadMs;
  const isAsked = openRestart(node.state, node.goal.nodeId) !== undefined;
  return failures.lastAttempt === attempt && (isDue || isAsked)
    ? launchAnew(ports, request, node)
    : taskStopped(run.seen);
}

/** A new attempt. A plan brings the node to the target config from here on; a recovery keeps the node's own. */
async function launchAnew(ports: Ports, request: NodeStepRequest, before: HeldNode): Promise<HeldNode | StepResult> {
  const { host } = before.goal;
  if (host !== undefined && isGone(before.state, host.instanceId)) return hostGone(host.instanceId);
  const older = await olderThanTasks(ports, { state: before.state, nodeId: request.nodeId, purpose: 'node' });
  if (older !== undefined) return older;
  const configId = wantedConfigId(request, before);
  const input = await nodeTaskInput(ports, { ...before, goal: { ...before.goal, configId } });
  const node = await withTaskDefinition(ports, before, input);
  if (isStepResult(node)) return node;
  const { goal, state } = node;
  assert(goal.host !== undefined && goal.taskDefinition !== undefined, 'Place comes before');
  const attempt = goal.attempt + 1;
  const launchInput = { ...input, taskDefinitionArn: goal.taskDefinition.arn, host: goal.host, attempt };
  const properties = propertiesOf(input, state, goal);
  const restart = operatorRestart(state, request);
  const answered = state.nodeWishes.find(({ nodeId }) => nodeId === goal.nodeId)?.restart?.times;
  const requestedAt = ports.clock();
  const previous = earlierTries(before.goal, configId);
  const controllers = controllerAddresses(state);
  const task: TaskLaunch = {
    attempt,
    request: JSON.stringify(nodeRunRequest(launchInput, properties, storageFormat(state, goal))),
    requestedAt,
    configId,
    sameConfigSince: previous?.since ?? requestedAt,
    ...(restart === undefined ? {} : { restart: restart.mark }),
    ...(answered === undefined ? {} : { restartsAnswered: answered }),
    ...(controllers === undefined ? {} : { controllers }),
  };
  const { inSyncSince: _ofTheLastRun, ...rest } = goal;
  const { lastAttempt } = goal.failures;
  const count = standingFailures(state, before.goal, configId);
  const fresh = { ...rest, configId, failures: { lastAttempt, count } };
  return launchTask(ports, { ...node, goal: fresh }, { field: 'launch', launch: task });
}

async function withTaskDefinition(ports: Ports, node: HeldNode, input: NodeTaskInput): Promise<HeldNode | StepResult> {
  const definition = nodeTaskDefinition(input);
  const content = JSON.stringify(definition);
  if (node.goal.taskDefinition?.content === content) return node;
  const arn = await ports.tasks.ensureTaskDefinition(definition);
  return storeGoal(ports, node, { ...node.goal, taskDefinition: { content, arn } });
}

function propertiesOf(input: NodeTaskInput, state: ServiceState, goal: NodeGoal): string {
  assert(
    goal.host !== undefined && state.controllerHosts !== undefined,
    'all controllers are placed before a node starts',
  );
  return packedProperties({
    config: input.config,
    nodeId: goal.nodeId,
    address: goal.host.address,
    name: advertisedHost(state.target, { nodeId: goal.nodeId, address: goal.host.address }),
    rack: goal.host.zone,
    controllers: controllerPlaces(state).map(({ nodeId, host }) => ({
      nodeId,
      address: advertisedHost(state.target, { nodeId, address: host.address }),
    })),
  });
}
