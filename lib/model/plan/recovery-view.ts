import { deactivationOf } from '../broker/deactivation.ts';
import type { NodeId } from '../node.ts';
import type { NodeLease, NodeWait, ServiceState } from '../state.ts';
import { stepName } from './new-plan.ts';
import { nodeStatus } from './node-status.ts';
import { errorsOfSteps } from './plan-errors.ts';
import type { PhaseView, PlanView } from './plan-view.ts';
import { withLastWords } from './shown-last-words.ts';
import { rollUpStatus } from './status.ts';
import { lastWordsOf, waitingOf } from './step-condition.ts';

type Wait = Pick<NodeWait, 'reason' | 'since'>;

/**
 * The plan `recovery`: each node that is being recovered, or moved to another host, is a phase of its own, named like its
 * step, all side by side; so is a node that was given up, until somebody brings it back. Undefined while nothing is
 * recovered. Source: dcos-commons, DefaultRecoveryPlanManager.
 */
export function viewRecovery(state: ServiceState): PlanView | undefined {
  const phases = state.leases.flatMap((lease) => viewNode(state, lease) ?? []);
  if (phases.length === 0) return undefined;
  const status = rollUpStatus({ strategy: 'parallel', children: phases.map((phase) => phase.status), errors: [] });
  const errors = errorsOfSteps(phases);
  return {
    ...{ id: 'recovery', configId: state.target.configId, phases, strategy: 'parallel' },
    ...{ errors, errorsInBlocks: errors, refusals: [], hindrances: errors },
    ...{ status, statusWithoutRefusals: status, ownStatus: status },
  };
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
  const plain = `RecoveryStep: ${name} [${id}] with status: ${status} RecoveryType: ${type}`;
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
