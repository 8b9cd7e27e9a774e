import type { NodeGoal, NodeLease, ServiceState } from '../../model/state.ts';
import type { PlanRunner } from '../../ports/plan-runner.ts';
import { holdersThatMayAct } from '../lease-holders.ts';
import {
  type HeldNode,
  heldLease,
  type NodeStepPorts,
  type NodeStepRequest,
  type StepResult,
  storeGoal,
} from './node-step.ts';

/**
 * Takes the node's lease for this execution, or keeps it: free, released, or its holder's execution ended longer ago
 * than a function may run. `withSlot` takes the service's single DOWN slot in the same transaction. Idempotent.
 */
export async function claimNode(
  ports: NodeStepPorts & { readonly planRunner: PlanRunner },
  request: NodeStepRequest,
  { state, withSlot }: { readonly state: ServiceState; readonly withSlot: boolean },
): Promise<HeldNode | StepResult> {
  const lease = heldLease(state, request) ?? (await takeLease(ports, request, { state, withSlot }));
  if (lease === undefined) {
    return {
      type: 'not ready',
      reason: { type: 'turn', heldBy: 'another step or recovery works on the node or holds the place' },
    };
  }
  const goal = state.goals.find((candidate) => candidate.nodeId === request.nodeId);
  if (goal !== undefined) return { state, lease, goal };
  const first = firstGoal(state, request.nodeId);
  return storeGoal(ports, { state, lease, goal: first }, first);
}

async function takeLease(
  ports: NodeStepPorts & { readonly planRunner: PlanRunner },
  request: NodeStepRequest,
  { state, withSlot }: { readonly state: ServiceState; readonly withSlot: boolean },
): Promise<NodeLease | undefined> {
  const previous = state.leases.find((candidate) => candidate.nodeId === request.nodeId);
  if (previous !== undefined && !previous.released) {
    const holders = await holdersThatMayAct(ports, [previous]);
    if (holders.type !== 'none') return undefined;
  }
  const lease: NodeLease = {
    service: request.service,
    nodeId: request.nodeId,
    holder: request.holder,
    kind: request.kind,
    number: (previous?.number ?? 0) + 1,
    released: false,
  };
  const taking = { lease, withSlot, ...(previous === undefined ? {} : { previous }) };
  return (await ports.store.takeLease(taking)) ? lease : undefined;
}

function firstGoal(state: ServiceState, nodeId: number): NodeGoal {
  return {
    service: state.target.service,
    nodeId,
    configId: state.target.configId,
    attempt: 0,
    failures: { count: 0, lastAttempt: 0 },
  };
}
