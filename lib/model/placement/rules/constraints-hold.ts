import { outcomeOf } from '../host-outcome.ts';
import type { HostRule } from '../host-rule.ts';
import { type PlacementConstraint, placeOf } from '../placement-constraint.ts';

/** The service's placement constraint holds with the node on this host: no host or zone has too many of its role. */
export const constraintsHold: HostRule = (hostCase) =>
  (hostCase.needs.constraints ?? []).map((constraint) => {
    const nodes = neighboursInPlace(hostCase, constraint);
    const where = constraint.field === 'hostname' ? 'on it' : `in ${hostCase.host.zone}`;
    const most = `${constraint.field}:MAX_PER:${constraint.most} allows ${constraint.most}`;
    return outcomeOf('constraint', nodes < constraint.most, `has ${nodes} of the brokers ${where}, ${most}`);
  });

function neighboursInPlace({ host, neighbours }: Parameters<HostRule>[0], { field }: PlacementConstraint): number {
  return neighbours.filter((neighbour) => placeOf(field, neighbour) === placeOf(field, host)).length;
}
