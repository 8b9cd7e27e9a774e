import { deactivationOf } from '../broker/deactivation.ts';
import { openReplacement, replacementIsWanted } from '../broker/open-replacement.ts';
import { isBeingReplaced } from '../broker/replacements-under-way.ts';
import type { NodeId } from '../node.ts';
import type { NodeGoal, NodeLease, NodeWait, ServiceState } from '../state.ts';
import { isOfWord } from './execution.ts';
import { stepName } from './new-plan.ts';
import { nodeStatus } from './node-status.ts';
import { errorsOfSteps } from './plan-errors.ts';
import type { PhaseView, PlanView } from './plan-view.ts';
import { withLastWords } from './shown-last-words.ts';
import { rollUpStatus } from './status.ts';
import { lastWordsOf, waitingOf } from './step-condition.ts';

type Wait = Pick<NodeWait, 'reason' | 'since'>;

/**
 * The plan `recovery`: each node that is being recovered, or moved to another host, or is to be, is a phase of its own, named like its
 * step, all side by side; so is a node that was given up, until somebody brings it back. Undefined while nothing is
 * recovered. Source: dcos-commons, DefaultRecoveryPlanManager.
 */
export function viewRecovery(state: ServiceState): PlanView | undefined {
  const held = state.leases.flatMap((lease) => viewNode(state, lease) ?? []);
  const asked = state.goals.flatMap((goal) => viewAsked(state, goal) ?? []);
  const phases = [...held, ...asked.filter(({ name }) => !held.some((phase) => phase.name === name))];
  if (phases.length === 0) return undefined;
  const status = rollUpStatus({ strategy: 'parallel', children: phases.map((phase) => phase.status), errors: [] });
  const errors = errorsOfSteps(phases);
  return {
    ...{ id: 'recovery', configId: state.target.configId, phases, strategy: 'parallel' },
    ...{ errors, errorsInBlocks: errors, refusals: [], hindrances: errors },
    ...{ status, statusWithoutRefusals: status, ownStatus: status },
  };
}

/** A replacement that was asked for and holds nothing yet: what it waits for. */
function viewAsked(state: ServiceState, goal: NodeGoal): PhaseView | undefined {
  const { nodeId } = goal;
  const asked = replacementIsWanted(state, goal) ? openReplacement(state, nodeId) : undefined;
  if (asked === undefined) return undefined;
  const { service } = state.target;
  const wait = state.waits.findLast((each) => each.nodeId === nodeId && isOfWord(each.holder, service, nodeId));
  return viewPhase(state, { id: `replacement-${nodeId}-${asked.times}`, nodeId, wait, type: 'PERMANENT' });
}

/** By the newest lease of a node: its recovery or move holds it, or somebody had it last who gave it up. */
function viewNode(state: ServiceState, { kind, released, nodeId, holder, number }: NodeLease): PhaseView | undefined {
  const id = `recovery-${nodeId}-${number}`;
  if (!released) {
    const wait = state.waits.find((candidate) => candidate.nodeId === nodeId && candidate.holder === holder);
    if (kind !== 'recovery' && kind !== 'replacement') return undefined;
    return viewPhase(state, { id, nodeId, wait, type: kind === 'recovery' ? 'TRANSIENT' : 'PERMANENT' });
  }
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  const deactivation = goal && deactivationOf(state, goal);
  return deactivation && viewPhase(state, { id, nodeId, wait: deactivation, type: 'TRANSIENT' });
}

/** What Warden has chosen by itself to bring the node back with, and why. */
function ownChoice(state: ServiceState, nodeId: NodeId): string {
  const replace = state.nodeWishes.find((wish) => wish.nodeId === nodeId)?.replace;
  const goal = state.goals.find((candidate) => candidate.nodeId === nodeId);
  if (replace?.why === undefined || goal === undefined || !isBeingReplaced(state, goal)) return '';
  const { volume, snapshotId, why } = replace;
  return ` Replacement: ${volume === 'snapshot' ? `snapshot ${snapshotId}` : emptyOrSame[volume]} (${why})`;
}

const emptyOrSame = { keep: 'same volume', discard: 'empty volume' } as const;

function viewPhase(
  state: ServiceState,
  node: {
    readonly id: string;
    readonly nodeId: NodeId;
    readonly wait: Wait | undefined;
    readonly type: 'TRANSIENT' | 'PERMANENT';
  },
): PhaseView {
  const { id, nodeId, wait, type } = node;
  const status = nodeStatus(state, nodeId, wait);
  const name = stepName(nodeId);
  const words = lastWordsOf(state, nodeId);
  const plain = `RecoveryStep: ${name} [${id}] with status: ${status} RecoveryType: ${type}${ownChoice(state, nodeId)}`;
  const message = withLastWords(plain, words.lastWords);
  const step = { id, name, nodeId, status, message, hasDecisionPoint: false, ...waitingOf(wait), ...words };
  return {
    id,
    name,
    steps: [step],
    strategy: 'serial',
    status: rollUpStatus({ strategy: 'serial', children: [status], errors: [] }),
  };
}
