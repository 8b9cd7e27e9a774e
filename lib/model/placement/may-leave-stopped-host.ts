import { stoppedSince } from '../broker/stopped-host.ts';
import { isController } from '../node.ts';
import type { NodeGoal, ServiceState } from '../state.ts';

/** A stop in order and a boot: who reboots a host by hand has it back by then. */
const bootMs = 120_000;

/**
 * Whether a node has waited long enough for a host that EC2 has stopped. Without names a controller waits on while the others
 * would not find it at another address: processes that never joined the quorum know the addresses that they were started
 * with, and of one or two controllers no majority would be left that tells of the new one. When the host is terminated it
 * moves in any case. `now`: epoch milliseconds.
 */
export function mayLeaveStoppedHost(state: ServiceState, goal: NodeGoal, now: number): boolean {
  const since = goal.host && stoppedSince(state, goal.host.instanceId);
  if (since === undefined || now - since < bootMs) return false;
  return state.target.zone !== undefined || !isController(state.target, goal.nodeId) || othersTellOfIt(state, goal);
}

/** At least two others were in sync once, and so are voters that know all others. */
function othersTellOfIt({ target, goals }: ServiceState, { nodeId }: NodeGoal): boolean {
  const others = target.controllerIds.filter((id) => id !== nodeId);
  const hasJoined = (id: number) => goals.find((goal) => goal.nodeId === id)?.volume?.kafkaFormatted === true;
  return others.length >= 2 && others.every(hasJoined);
}
