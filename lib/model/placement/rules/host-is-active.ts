import { outcomeOf } from '../host-outcome.ts';
import type { HostRule } from '../host-rule.ts';

/** A host that drains or registers takes no new task. */
export const hostIsActive: HostRule = ({ host }) => [
  outcomeOf('active', host.status === 'ACTIVE', `is ${host.status}`),
];
