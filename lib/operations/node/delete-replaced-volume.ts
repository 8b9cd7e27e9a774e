import { volumesToDelete } from '../../model/broker/open-replacement.ts';
import { podName } from '../../model/node.ts';
import { isSuperseded } from '../../model/plan/superseded.ts';
import type { Pause } from '../../ports/clock.ts';
import type { PlanRunner } from '../../ports/plan-runner.ts';
import type { Volumes } from '../../ports/volumes.ts';
import { claimNode } from './claim-node.ts';
import { detachOrDelete } from './delete-volume.ts';
import {
  changedMeanwhile,
  done,
  isStepResult,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  tryOf,
} from './node-step.ts';

type Ports = NodeStepPorts & {
  readonly planRunner: PlanRunner;
  readonly volumes: Volumes;
  readonly pause: Pause;
};

/**
 * Deletes the volume that a node had before it got another one: only once it was in sync with that, and only one that a
 * stored wish names. Nothing has worked on it since the proven end of the process before; one that is still mounted is
 * waited for, never forced. Holds the node meanwhile. Idempotent: a volume that is gone is forgotten.
 */
export async function deleteReplacedVolume(ports: Ports, request: NodeStepRequest): Promise<StepResult> {
  const state = await ports.store.readService(request.service);
  if (state === undefined || isSuperseded(state, request)) return done;
  const before = state.goals.find(({ nodeId }) => nodeId === request.nodeId);
  if (before === undefined || volumesToDelete(state, before).length === 0) return done;
  const node = await claimNode(ports, request, { state, withSlot: false });
  if (isStepResult(node)) return node;
  const { lease, goal } = node;
  const [volume, next] = volumesToDelete(state, goal);
  if (volume === undefined) return done;
  const result = await detachOrDelete(ports, { volumeId: volume.id, isKept: false });
  if (result.type !== 'done') {
    await ports.store.finishNode({ lease, ...tryOf(request) });
    return result;
  }
  const { discarded = [], ...rest } = goal;
  const left = discarded.filter(({ id }) => id !== volume.id);
  const cleaned = left.length === 0 ? rest : { ...rest, discarded: left };
  if (!(await ports.store.finishNode({ lease, goal: cleaned, ...tryOf(request) }))) return changedMeanwhile;
  if (next === undefined) return done;
  const heldBy = `another volume that ${podName(goal.nodeId)} had before is deleted next`;
  return { type: 'not ready', reason: { type: 'turn', heldBy } };
}
