import type { StepProgress } from '../../model/plan/plan.ts';
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

interface Claim {
  readonly state: ServiceState;
  readonly withSlot: boolean;
  /** Absent: none begins. */
  readonly step?: StepProgress | undefined;
}

/**
 * Takes the node's lease for this execution, or keeps it: free, released, or its holder's execution ended longer ago
 * than a function may run. In the same transaction, also of a lease that is held: `withSlot` takes the service's single
 * DOWN slot, and `step` begins. Idempotent.
 */
export async function claimNode(
  ports: NodeStepPorts & { readonly planRunner: PlanRunner },
  request: NodeStepRequest,
  claim: Claim,
): Promise<HeldNode | StepResult> {
  const { state } = claim;
  const lease = await takeLease(ports, request, claim);
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
  { state, withSlot, step }: Claim,
): Promise<NodeLease | undefined> {
  const held = heldLease(state, request);
  if (held !== undefined && step === undefined && (!withSlot || state.slot?.nodeId === request.nodeId)) return held;
  const previous = state.leases.find((candidate) => candidate.nodeId === request.nodeId);
  if (held === undefined && previous !== undefined && !previous.released) {
    const holders = await holdersThatMayAct(ports, [previous]);
    if (holders.type !== 'none') return undefined;
  }
  const lease: NodeLease = held ?? {
    service: request.service,
    nodeId: request.nodeId,
    holder: request.holder,
    kind: request.kind,
    number: (previous?.number ?? 0) + 1,
    released: false,
  };
  const taking = {
    ...{ lease, withSlot, serviceCreatedAt: state.target.createdAt },
    ...(previous === undefined ? {} : { previous }),
    ...(step === undefined ? {} : { step }),
  };
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
