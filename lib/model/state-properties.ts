import { controllerPlaces } from './broker/controller-places.ts';
import { nodeRun } from './broker/node-run.ts';
import { taskName } from './node.ts';
import type { NodeGoal, ServiceState } from './state.ts';

/**
 * What is stored of a service, by the names under which the 2.x guides show properties of their state. Facts for people
 * who look for a reason: no requests, no tokens, nothing that opens a door.
 */
export function stateProperties(state: ServiceState): ReadonlyMap<string, unknown> {
  const { target, wish, quorumFormed, controllerHosts, slot } = state;
  return new Map<string, unknown>([
    ['cluster-id', target.clusterId],
    ['created-at', new Date(target.createdAt).toISOString()],
    ['package-version', target.packageVersion],
    ['target-config-id', target.configId],
    ['current-plan-id', wish.planId],
    ...optional('uninstall', wish.uninstall),
    ...optional('hibernates', wish.hibernates),
    ...optional('quorum-formed-at', quorumFormed && new Date(quorumFormed.formedAt).toISOString()),
    ...optional(
      'controller-hosts',
      controllerHosts &&
        controllerPlaces(state).map(({ nodeId, host }) => ({ node: taskName(nodeId), address: host.address })),
    ),
    ...optional('down-by-our-hand', slot && taskName(slot.nodeId)),
    ...state.goals.map((goal) => [`${taskName(goal.nodeId)}:task-status`, taskStatus(state, goal)] as const),
  ]);
}

/** Zones of the nodes that are placed, by the name of their task. */
export function zonesOfTasks(state: ServiceState): ReadonlyMap<string, string> {
  return new Map(
    state.goals.flatMap(({ nodeId, host }) => (host === undefined ? [] : [[taskName(nodeId), host.zone]])),
  );
}

function optional(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  return value === undefined ? [] : [[name, value]];
}

function taskStatus(state: ServiceState, goal: NodeGoal): Readonly<Record<string, unknown>> {
  const run = nodeRun(state, goal);
  const { host, volume } = goal;
  return {
    configId: goal.configId,
    attempt: goal.attempt,
    failures: goal.failures.count,
    ...(host === undefined ? {} : { instanceId: host.instanceId, address: host.address, zone: host.zone }),
    ...(volume === undefined ? {} : { volume: { id: volume.id, generation: volume.generation } }),
    ...(run.type === 'seen' ? { taskArn: run.taskArn, ...seenOf(run.seen) } : {}),
  };
}

function seenOf(seen: ServiceState['seen'][number] | undefined): Readonly<Record<string, unknown>> {
  if (seen === undefined) return {};
  const { lastStatus, stopCode, stoppedReason, exitCode } = seen;
  return { lastStatus, stopCode, stoppedReason, exitCode };
}
