import { familyOf } from '../../model/broker/node-task.ts';
import type { NodeGoal, NodeHost, ServiceState } from '../../model/state.ts';
import { type Adoption, adoptionOf, type LivingTask, type OwnVolume } from '../../model/truth/adoption.ts';
import type { Hosts } from '../../ports/hosts.ts';
import type { PlanRunner } from '../../ports/plan-runner.ts';
import type { Tasks, TaskView } from '../../ports/tasks.ts';
import type { Volumes, VolumeView } from '../../ports/volumes.ts';
import { observeTask } from '../observe-task.ts';
import { readFoundTask, readFoundVolume } from '../read-found.ts';
import { openAdoption } from '../start-adoption.ts';
import { claimNode } from './claim-node.ts';
import {
  changedMeanwhile,
  done,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  tryOf,
} from './node-step.ts';
import { nodeHost } from './placed-goal.ts';

export type AdoptPorts = NodeStepPorts & {
  readonly planRunner: PlanRunner;
  readonly tasks: Tasks;
  readonly volumes: Volumes;
  readonly hosts: Hosts;
};

/**
 * Answers an operator's adoption: makes the node's record what the cloud has of the node, where that is newer, and gives
 * the node back at once; steps that waited for it go on by themselves. Idempotent: each adoption is answered once.
 */
export async function adoptNode(ports: AdoptPorts, request: NodeStepRequest): Promise<StepResult> {
  const { service, nodeId } = request;
  const state = await ports.store.readService(service);
  const wished = state && openAdoption(state, nodeId);
  if (state === undefined || wished === undefined || state.wish.uninstall !== undefined) return done;
  if ((request.serviceCreatedAt ?? state.target.createdAt) !== state.target.createdAt) return done;
  const node = await claimNode(ports, request, { state, withSlot: false });
  if (isStepResult(node)) return node;
  const { lease, goal } = node;
  const views = await livingTasks(ports, state, nodeId);
  const adoption = adoptionOf(goal, {
    tasks: views.flatMap((view) => livingTask(view) ?? []),
    volumes: await ownVolumes(ports, state, nodeId),
    hosts: (await ports.hosts.list()).map((host): NodeHost => nodeHost(host)),
  });
  if (adoption.type === 'refused') {
    await ports.store.finishNode({ lease, ...tryOf(request) });
    return { type: 'not ready', reason: { type: 'adoption', why: adoption.why } };
  }
  // What drives the node is what was seen of its task.
  for (const view of views) await observeTask(ports, view);
  const adopted = adoptedGoal(adoption, goal, wished);
  return (await ports.store.finishNode({ lease, goal: adopted, ...tryOf(request) })) ? done : changedMeanwhile;
}

function adoptedGoal(adoption: Exclude<Adoption, { type: 'refused' }>, goal: NodeGoal, adopted: number): NodeGoal {
  return { ...(adoption.type === 'adopted' ? adoption.goal : goal), adopted };
}

/** Of this very service: another one that had its name is none of its business. */
async function livingTasks(
  { tasks }: AdoptPorts,
  { target }: ServiceState,
  nodeId: number,
): Promise<readonly TaskView[]> {
  const listed = await tasks.listRunningOf(familyOf(target.service, nodeId, 'node'));
  if (listed.length === 0) return [];
  return (await tasks.describeMany(listed)).filter((view) => readFoundTask(view)?.clusterId === target.clusterId);
}

function livingTask(view: TaskView): LivingTask | undefined {
  const found = readFoundTask(view);
  if (found === undefined) return undefined;
  const { containerInstanceArn, createdAt } = view;
  return {
    ...{ taskArn: view.taskArn, attempt: found.attempt },
    ...(containerInstanceArn === undefined ? {} : { containerInstanceArn }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

async function ownVolumes(
  { volumes }: AdoptPorts,
  { target }: ServiceState,
  nodeId: number,
): Promise<readonly OwnVolume[]> {
  const tags = { 'warden:cluster-id': target.clusterId, 'warden:node': String(nodeId) };
  return (await volumes.listTagged(tags)).flatMap((view) => ownVolume(view) ?? []);
}

function ownVolume(view: VolumeView): OwnVolume | undefined {
  const generation = readFoundVolume(view)?.generation;
  if (generation === undefined) return undefined;
  const { id, zone, sizeGiB, attachment } = view;
  return {
    ...{ id, zone, generation },
    ...(sizeGiB === undefined ? {} : { sizeGiB }),
    ...(attachment?.state === 'attached' ? { instanceId: attachment.instanceId } : {}),
  };
}
