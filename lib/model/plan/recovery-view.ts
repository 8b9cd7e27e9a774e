import type { NodeLease, ServiceState } from '../state.ts';
import { stepName } from './new-plan.ts';
import { nodeStatus } from './node-status.ts';
import { noErrors } from './plan-errors.ts';
import type { PhaseView, PlanView } from './plan-view.ts';
import { withLastWords } from './shown-last-words.ts';
import { rollUpStatus } from './status.ts';
import { lastWordsOf, waitingOf } from './step-condition.ts';

/**
 * The plan `recovery`: each node that is being recovered, or moved to another host, is a phase of its own, named like its step, all side by side.
 * Undefined while nothing is recovered. Source: dcos-commons, DefaultRecoveryPlanManager.
 */
export function viewRecovery(state: ServiceState): PlanView | undefined {
  const leases = state.leases.filter(
    ({ kind, released }) => (kind === 'recovery' || kind === 'replacement') && !released,
  );
  if (leases.length === 0) return undefined;
  const phases = leases.map((lease) => viewPhase(state, lease));
  const status = rollUpStatus({ strategy: 'parallel', children: phases.map((phase) => phase.status), errors: [] });
  return {
    ...{ id: 'recovery', configId: state.target.configId, phases, strategy: 'parallel', ...noErrors },
    ...{ status, statusWithoutRefusals: status, ownStatus: status },
  };
}

function viewPhase(state: ServiceState, { nodeId, holder, number, kind }: NodeLease): PhaseView {
  const wait = state.waits.find((candidate) => candidate.nodeId === nodeId && candidate.holder === holder);
  const status = nodeStatus(state, nodeId, wait);
  const id = `recovery-${nodeId}-${number}`;
  const name = stepName(nodeId);
  const words = lastWordsOf(state, nodeId);
  const plain = `RecoveryStep: ${name} [${id}] with status: ${status} RecoveryType: ${kind === 'recovery' ? 'TRANSIENT' : 'PERMANENT'}`;
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
