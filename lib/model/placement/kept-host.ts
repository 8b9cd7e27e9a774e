import type { Host } from './host.ts';
import { type HostOutcome, outcomeOf } from './host-outcome.ts';
import { type KeptHostNeeds, roomOnKeptHost } from './room-on-kept-host.ts';
import { agentIsConnected } from './rules/agent-is-connected.ts';
import { hostIsActive } from './rules/host-is-active.ts';

/** What the rules say of the one host that a node has for good. */
export function keptHostOutcome(
  kept: { readonly instanceId: string; readonly zone: string },
  host: Host | undefined,
  needs: KeptHostNeeds,
): HostOutcome {
  const { instanceId, zone } = kept;
  const isRegistered = host !== undefined;
  const registered = outcomeOf(
    'registered',
    isRegistered,
    `holds the node and is ${isRegistered ? '' : 'not '}registered`,
  );
  if (host === undefined) return { instanceId, zone, rules: [registered] };
  const hostCase = { host, ...needs, neighbours: [] };
  const rules = [registered, ...hostIsActive(hostCase), ...agentIsConnected(hostCase), ...roomOnKeptHost(host, needs)];
  return { instanceId, zone, rules };
}
