import { outcomeOf } from '../host-outcome.ts';
import type { HostRule } from '../host-rule.ts';

/** Without its agent a host starts nothing. */
export const agentIsConnected: HostRule = ({ host }) => [
  outcomeOf('agent', host.agentConnected, host.agentConnected ? 'has a connected agent' : 'has no connected agent'),
];
