import { strict as assert } from 'node:assert';
import { goalWithConfig } from '../model/broker/goal-with-config.ts';
import { hasNothingToDo } from '../model/plan/has-nothing-to-do.ts';
import type { Phase, Plan, Step } from '../model/plan/plan.ts';
import { completeSteps } from '../model/plan/steering/walk.ts';
import type { ServiceConfig } from '../model/service/config.ts';
import type { NodeGoal, NodeLease, ServiceState } from '../model/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Tasks } from '../ports/tasks.ts';
import { isPromised, needsOf, promisesAround } from './node/node-needs.ts';
import { olderThanTasks } from './node/older-table.ts';
import { nodeChanges } from './node-changes.ts';
import { observeTask } from './observe-task.ts';

/** What a run of an update asks at the beginning of a phase. */
export interface PhaseRequest {
  readonly service: string;
  readonly planId?: string;
  /** Name of the phase. */
  readonly phase?: string;
  /** ARN of the run. */
  readonly holder: string;
}

interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly tasks: Tasks;
}

/**
 * Ends the steps of a phase that have nothing to do, and answers the ids of all that are complete: the run starts no
 * execution for them. The goal of each such node names the target config from then on, written as by whoever holds the
 * lease, which is taken and given back with it. Idempotent; a step that another writer was faster at is left to its turn.
 */
export async function passIdleNodes(ports: Ports, request: PhaseRequest): Promise<{ readonly through: string[] }> {
  const state = await ports.store.readService(request.service);
  const plan = state?.plans.find(({ id }) => id === request.planId);
  const phase = plan?.phases.find(({ name }) => name === request.phase);
  if (state === undefined || plan === undefined || phase === undefined) return { through: [] };
  const idle = phase.steps.filter((step) => hasNothingToDo(state, { plan, step, change: { type: 'none' } }));
  if (idle.length === 0) return { through: completeOf(state, plan, phase) };
  await passAll(ports, request, { plan, steps: idle });
  const after = await ports.store.readService(request.service);
  return { through: after === undefined ? [] : completeOf(after, plan, phase) };
}

function completeOf(state: ServiceState, plan: Plan, { steps }: Phase): string[] {
  const complete = completeSteps(state, plan);
  return steps.map(({ id }) => id).filter((id) => complete.has(id));
}

/** One after another: each of the writes makes sure of the wish, and side by side they would be in each other's way. */
async function passAll(
  ports: Ports,
  request: PhaseRequest,
  { plan, steps }: { readonly plan: Plan; readonly steps: readonly Step[] },
): Promise<void> {
  const nodeIds = steps.map(({ nodeId }) => nodeId);
  const state = await lookedAt(ports, request.service, nodeIds);
  const target = state && (await ports.store.readConfig(request.service, state.target.configId));
  if (state === undefined || target === undefined) return;
  const changes = await nodeChanges(ports, state, { nodeIds, target });
  const idle = steps.filter((step) => {
    const change = changes.get(step.nodeId);
    return change !== undefined && hasNothingToDo(state, { plan, step, change });
  });
  const looks = await Promise.all(idle.map(({ nodeId }) => isAsTheWorldIs(ports, state, { nodeId, target })));
  for (const step of idle.filter((_, index) => looks[index] === true)) await pass(ports, request, state, step);
}

/** The service once ECS was asked whether the processes of these nodes live: an end may not have been heard of yet. */
async function lookedAt(ports: Ports, service: string, nodeIds: readonly number[]): Promise<ServiceState | undefined> {
  const state = await ports.store.readService(service);
  const goals = state?.goals.filter(({ nodeId }) => nodeIds.includes(nodeId)) ?? [];
  const taskArns = goals.flatMap(({ launch }) => launch?.taskArn ?? []);
  const views = await ports.tasks.describeMany(taskArns);
  for (const view of views) await observeTask(ports, view);
  const after = await ports.store.readService(service);
  if (after === undefined) return undefined;
  // Of a task that ECS does not know nobody can say that it runs.
  const known = views.map(({ taskArn }) => taskArn);
  return { ...after, seen: after.seen.filter(({ taskArn }) => known.includes(taskArn)) };
}

/** The table is not older than the world, and the host keeps for the node what it needs, and no more. */
async function isAsTheWorldIs(
  ports: Ports,
  state: ServiceState,
  { nodeId, target }: { readonly nodeId: number; readonly target: ServiceConfig },
): Promise<boolean> {
  const { service, host } = goalOf(state, nodeId);
  assert(host !== undefined, 'a node at rest has a host');
  const { promises } = await ports.store.readHostPromises();
  const { own } = promisesAround(promises, { service, nodeId, host });
  if (own === undefined || !isPromised(own, needsOf(target, nodeId))) return false;
  return (await olderThanTasks(ports, { state, nodeId, purpose: 'node' })) === undefined;
}

async function pass(ports: Ports, { holder }: PhaseRequest, state: ServiceState, step: Step): Promise<void> {
  const { nodeId } = step;
  const previous = state.leases.find((lease) => lease.nodeId === nodeId);
  assert(previous?.released === true, 'the lease of a node at rest was given back');
  const lease: NodeLease = { ...previous, holder, kind: 'plan', number: previous.number + 1 };
  const now = ports.clock();
  const { planId, configId } = { planId: state.wish.planId, configId: state.target.configId };
  await ports.store.passStep({
    ...{ previous, lease, goal: goalWithConfig(goalOf(state, nodeId), configId) },
    step: { planId, stepId: step.id, startedAt: now, endedAt: now, endedBy: holder },
  });
}

function goalOf(state: ServiceState, nodeId: number): NodeGoal {
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  assert(goal !== undefined, 'a node at rest has a goal');
  return goal;
}
