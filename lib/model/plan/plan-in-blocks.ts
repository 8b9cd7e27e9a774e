import { type NodeId, podName, roleOf } from '../node.ts';
import type { PhaseView, PlanView, StepView } from './plan-view.ts';
import { withLastWords } from './shown-last-words.ts';
import { type BlockStatus, blockStatus } from './status.ts';

/** A plan as the 1.x guides show it: steps are blocks. */
export interface PlanInBlocks {
  errors: string[];
  phases: PhaseInBlocks[];
  status: BlockStatus;
}

interface PhaseInBlocks {
  blocks: Block[];
  id: string;
  name: string;
  status: BlockStatus;
}

interface Block {
  has_decision_point: boolean;
  id: string;
  message: string;
  name: string;
  status: BlockStatus;
}

/** Which block of a plan is worked on, or comes next. Without one that is, `stage` stands alone. */
export interface ActiveBlocks {
  block?: Block;
  phase?: Omit<PhaseInBlocks, 'blocks'> & { block_count: number };
  stage: Omit<PlanInBlocks, 'phases'> & { phase_count: number };
}

/** A plan in the words of the 1.x guides, with their first phase, which is always complete: nothing is reconciled first. */
export function blocksOf(plan: PlanView): PlanInBlocks {
  const phases = plan.phases.map((phase) => ({
    blocks: phase.steps.map(blockOf),
    id: phase.id,
    name: phaseName(phase, plan.configId),
    status: blockStatus(phase.status),
  }));
  return {
    errors: [...plan.errorsInBlocks],
    phases: [reconciliation(plan.id), ...phases],
    status: blockStatus(plan.status),
  };
}

/** What is active of a plan: of its first phase that is not complete the block that began, else the first that is open. */
export function activeBlocks(plan: PlanView): ActiveBlocks {
  const { errors, phases, status } = blocksOf(plan);
  const stage = { errors, phase_count: phases.length, status };
  const active = phases.find((phase) => phase.status !== 'Complete');
  if (active === undefined) return { stage };
  const { blocks, ...phase } = active;
  const open = blocks.filter((block) => block.status !== 'Complete');
  const block = open.find((candidate) => candidate.status !== 'Pending') ?? open[0];
  return { ...(block === undefined ? {} : { block }), phase: { ...phase, block_count: blocks.length }, stage };
}

function blockOf({ id, nodeId, status, hasDecisionPoint, lastWords }: StepView): Block {
  const name = blockName(nodeId);
  const shown = blockStatus(status);
  const message = withLastWords(`${name.charAt(0).toUpperCase()}${name.slice(1)} is ${shown}`, lastWords);
  return { has_decision_point: hasDecisionPoint, id, message, name, status: shown };
}

function phaseName({ name }: PhaseView, configId: string): string {
  return name === 'broker' ? `Update to: ${configId}` : name;
}

/** Dedicated controllers, which the 1.x guides do not know, keep the name of the 2.x guides. */
function blockName(nodeId: NodeId): string {
  return roleOf(nodeId) === 'broker' ? `broker-${nodeId}` : podName(nodeId);
}

function reconciliation(planId: string): PhaseInBlocks {
  const block: Block = {
    ...{ has_decision_point: false, id: relatedId(planId, 1) },
    ...{ message: 'Reconciliation complete', name: 'Reconciliation', status: 'Complete' },
  };
  return { blocks: [block], id: relatedId(planId, 2), name: 'Reconciliation', status: 'Complete' };
}

/** Another UUID, always the same for this one: its last digit is changed. */
function relatedId(id: string, change: number): string {
  return `${id.slice(0, -1)}${(Number.parseInt(id.slice(-1), 16) ^ change).toString(16)}`;
}
