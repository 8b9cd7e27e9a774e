import { outcomeOf } from '../host-outcome.ts';
import type { HostRule } from '../host-rule.ts';

/** In host network mode two tasks of one host never share a port. */
export const portsAreFree: HostRule = ({ host, needs, promised }) => {
  const used = [...host.usedPorts, ...promised.flatMap(({ ports }) => ports)];
  const taken = needs.ports.filter((port) => used.includes(port));
  const explanation =
    taken.length === 0 ? `has port ${needs.ports.join(', ')} free` : `has port ${taken.join(', ')} in use`;
  return [outcomeOf('ports', taken.length === 0, explanation)];
};
