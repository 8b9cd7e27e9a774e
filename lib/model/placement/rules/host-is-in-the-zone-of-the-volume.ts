import { outcomeOf } from '../host-outcome.ts';
import type { HostRule } from '../host-rule.ts';

/** An EBS volume can be attached in its own zone only. */
export const hostIsInTheZoneOfTheVolume: HostRule = ({ host, needs }) => {
  if (needs.zone === undefined) return [];
  const isThere = host.zone === needs.zone;
  return [outcomeOf('zone', isThere, `is ${isThere ? '' : 'not '}in ${needs.zone}, where the volume is`)];
};
