import { dedicatedControllerIds, isBroker, type NodeId } from '../node.ts';
import { isCanary } from '../service/resolve-strategy.ts';
import type { ConfigDifference } from './config-difference.ts';
import { newPlan, type PhaseDraft, type PlanRequest } from './new-plan.ts';
import type { NodeChange } from './node-change.ts';
import type { Plan } from './plan.ts';
import type { Strategy } from './strategy.ts';

/** What a plan of an update is made for. */
export interface UpdatePlanRequest extends PlanRequest {
  /** Of the brokers. */
  readonly strategy: Strategy;
  readonly changes: readonly ConfigDifference[];
  /** The config to go back to. */
  readonly previousConfigId: string;
  /** Absent: it is. */
  readonly isQuorumFormed?: boolean;
  readonly takesBack?: { readonly planId: string; readonly reason: string };
}

/** What the update does to one node. */
export interface NodeUpdate {
  readonly nodeId: NodeId;
  readonly change: NodeChange;
  /** It was started before, and does not run now or is not ready. A node that never ran is not down. */
  readonly isDown: boolean;
}

/**
 * One step for each node, also for those that nothing changes of: what is found at run time decides (`hasNothingToDo`). Controllers one by
 * one, then brokers by the strategy; in a phase the nodes that are down come first, because no other may stop before they
 * are back, then by id. Which controller is active is only known when it is its turn (`mustWaitForOthers`).
 *
 * A canary strategy turns the phases round: nothing happens before the operator's word, and what is looked at first is a
 * broker, as in the 1.x guide. Where no broker changes, the controllers are the canary. In the middle of an install, where
 * a controller never ran or the quorum is not formed, controllers come first all the same: no broker comes up before them.
 * `nodes` holds every node of the request once.
 */
export function planUpdate(request: UpdatePlanRequest, nodes: readonly NodeUpdate[], newId: () => string): Plan {
  const { strategy, changes, previousConfigId, takesBack } = request;
  const changeOf = new Map(nodes.map(({ nodeId, change }) => [nodeId, change]));
  const plan = newPlan(request, { kind: 'update', phases: phasesOf(request, strategy, nodes) }, newId);
  const phases = plan.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) => {
      const change = changeOf.get(step.nodeId);
      return change === undefined ? step : { ...step, change };
    }),
  }));
  return { ...plan, phases, changes, previousConfigId, ...(takesBack === undefined ? {} : { takesBack }) };
}

function phasesOf(request: UpdatePlanRequest, strategy: Strategy, nodes: readonly NodeUpdate[]): readonly PhaseDraft[] {
  const brokers = { name: 'broker', strategy, nodeIds: inOrder(request.brokerIds, nodes) };
  const controllers = {
    name: 'controller',
    strategy: 'serial' as const,
    nodeIds: inOrder(dedicatedControllerIds(request), nodes),
  };
  const someControllerIsNew = nodes.some(
    ({ nodeId, change, isDown }) => controllers.nodeIds.includes(nodeId) && change.type === 'start' && !isDown,
  );
  if (!isCanary(strategy) || someControllerIsNew || request.isQuorumFormed === false) return [controllers, brokers];
  const someBrokerChanges = nodes.some(({ nodeId, change }) => isBroker(request, nodeId) && change.type !== 'none');
  return someBrokerChanges ? [brokers, controllers] : [{ ...controllers, strategy: 'serial-canary' }, brokers];
}

function inOrder(nodeIds: readonly NodeId[], nodes: readonly NodeUpdate[]): readonly NodeId[] {
  const downIds = nodes.filter(({ isDown }) => isDown).map(({ nodeId }) => nodeId);
  const rank = (nodeId: NodeId): number => (downIds.includes(nodeId) ? 0 : 1);
  return [...nodeIds].sort((one, other) => rank(one) - rank(other) || one - other);
}
