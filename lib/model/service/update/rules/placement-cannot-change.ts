import { readConstraints } from '../../../placement/placement-constraint.ts';
import type { ChangeRule } from '../change-rule.ts';

/**
 * Brokers stay where their volumes are, so that another constraint would not hold for those that run.
 * Source: DC/OS Kafka guide 1.x, placement strategy; the message is ZoneValidator's of dcos-commons.
 */
export const placementCannotChange: ChangeRule = {
  lasting: ['/service/placement_constraint'],
  refuse: ({ before, after, placedBy: pointer }) => {
    const from = before.service.placement_constraint;
    const to = after.service.placement_constraint;
    if (meaningOf(from) === meaningOf(to)) return [];
    const word = pointer === '/service/placement_strategy' ? strategyOf : (constraint: string) => constraint;
    const option = pointer.slice('/service/'.length);
    return [
      {
        ...{ pointer, from: word(from), to: word(to), doing: 'Changing', allowed: word(from) },
        message: `service.${option} cannot change (from ${word(from)} to ${word(to)}): where brokers may go is decided at install`,
        hint: 'leave out placement_constraint and placement_strategy',
        inSteps: {
          field: 'kafka.PlacementRule',
          from,
          to,
          message: `PlacementRule cannot change from ${from} to ${to}`,
        },
      },
    ];
  },
};

/** Constraints hold all together, in whatever order they stand. */
function meaningOf(constraint: string): string {
  const reading = readConstraints(constraint);
  if (reading.type === 'invalid') return constraint;
  return [...new Set(reading.constraints.map(({ field, most }) => `${field} ${most}`))].sort().join(', ');
}

/** The 1.x word for a constraint, where it has one. */
function strategyOf(constraint: string): string {
  const meaning = meaningOf(constraint);
  if (meaning === '') return 'ANY';
  return meaning === 'hostname 1' ? 'NODE' : constraint;
}
