import { type NodeId, roleOf } from '../../model/node.ts';
import type { HostOutcome } from '../../model/placement/host-outcome.ts';
import type { WaitingReason } from '../../model/waiting-reason.ts';

/** A node waits for the one host that it has for good. */
export function capacityReason(nodeId: NodeId, outcome: HostOutcome): WaitingReason {
  return { type: 'capacity', role: roleOf(nodeId), hosts: [outcome], registered: 1 };
}
