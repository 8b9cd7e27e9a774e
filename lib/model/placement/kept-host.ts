import type { Host } from './host.ts';
import { type HostOutcome, outcomeOf } from './host-outcome.ts';
import { agentIsConnected } from './rules/agent-is-connected.ts';
import { hostIsActive } from './rules/host-is-active.ts';

/** What is said of the one host that a node has for good, as long as it cannot take the node. */
export function keptHostOutcome(
  kept: { readonly instanceId: string; readonly zone: string },
  host: Host | undefined,
): HostOutcome {
  const { instanceId, zone } = kept;
  const isRegistered = host !== undefined;
  const registered = outcomeOf(
    'registered',
    isRegistered,
    `holds the node and is ${isRegistered ? '' : 'not '}registered`,
  );
  if (host === undefined) return { instanceId, zone, rules: [registered] };
  const hostCase = { host, needs: { cpuUnits: 0, memoryMiB: 0, ports: [] }, promised: [], neighbours: [] };
  return { instanceId, zone, rules: [registered, ...hostIsActive(hostCase), ...agentIsConnected(hostCase)] };
}
