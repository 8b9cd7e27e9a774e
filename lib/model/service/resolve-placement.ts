import { constraintsText, type PlacementConstraint, readConstraints } from '../placement/placement-constraint.ts';
import type { Refusal } from '../refusal.ts';
import type { Reading } from './read-section.ts';

/**
 * One placement constraint from the two options of the guides. `placement_strategy` is short for one: NODE for one
 * broker on a host, ANY for none. Both together are taken while they agree; then NODE adds to the constraint.
 */
export function resolvePlacement(
  read: { readonly placement_constraint: string; readonly placement_strategy: 'ANY' | 'NODE' },
  given: Readonly<Record<string, unknown>>,
): Reading<string> {
  if (given['placement_strategy'] === undefined) return { value: read.placement_constraint, refusals: [] };
  const onePerHost: PlacementConstraint = { field: 'hostname', most: 1 };
  const isNode = read.placement_strategy === 'NODE';
  if (given['placement_constraint'] === undefined)
    return { value: constraintsText(isNode ? [onePerHost] : []), refusals: [] };
  const reading = readConstraints(read.placement_constraint);
  const constraints = reading.type === 'valid' ? reading.constraints : [];
  const onHosts = constraints.filter(({ field }) => field === 'hostname');
  const agrees = isNode ? onHosts.every(({ most }) => most === 1) : onHosts.length === 0;
  if (!agrees) return { value: read.placement_constraint, refusals: [disagreement(read)] };
  const added = isNode && onHosts.length === 0 ? [onePerHost] : [];
  return { value: constraintsText([...added, ...constraints]), refusals: [] };
}

function disagreement(read: { readonly placement_constraint: string; readonly placement_strategy: string }): Refusal {
  return {
    pointer: '/service/placement_strategy',
    value: read.placement_strategy,
    message: `placement_strategy ${read.placement_strategy} and placement_constraint ${read.placement_constraint} say different things of hosts`,
    allowed: 'one of the two, or both when they agree',
    hint: 'leave out placement_strategy',
  };
}
