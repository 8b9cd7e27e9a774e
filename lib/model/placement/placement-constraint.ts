/** At most so many brokers of a service on one host, or in one zone. */
export interface PlacementConstraint {
  readonly field: 'hostname' | 'zone';
  readonly most: number;
}

export type ConstraintReading =
  | { readonly type: 'valid'; readonly constraints: readonly PlacementConstraint[] }
  | { readonly type: 'invalid'; readonly message: string; readonly hint?: string };

/** What is allowed, in words. */
export const allowedConstraints =
  '[["hostname", "MAX_PER", "1"]], as JSON or as text, or hostname:UNIQUE,zone:MAX_PER:2; fields hostname and zone, operators MAX_PER and UNIQUE; empty for none';

/** Marathon's other operators. */
const laterOperators: readonly string[] = ['CLUSTER', 'GROUP_BY', 'LIKE', 'UNLIKE', 'IS'];
const mostOfAll = 100;
const maxConstraints = 10;

/**
 * Reads Marathon's constraints in all spellings of the guides: lists of texts, the same as JSON text, and
 * `field:OPERATOR[:parameter]` with commas between. Never throws.
 * Source: DC/OS Kafka guides 1.x and 2.x, placement constraints.
 */
export function readConstraints(given: unknown): ConstraintReading {
  const lists = listsOf(given);
  if (lists === undefined) return { type: 'invalid', message: 'it is no list of constraints' };
  if (lists.length > maxConstraints)
    return { type: 'invalid', message: `it has more than ${maxConstraints} constraints` };
  const constraints: PlacementConstraint[] = [];
  for (const list of lists) {
    const reading = readOne(list);
    if (reading.type === 'invalid') return reading;
    constraints.push(...reading.constraints);
  }
  return { type: 'valid', constraints };
}

/** The one spelling that is stored and shown. */
export function constraintsText(constraints: readonly PlacementConstraint[]): string {
  return JSON.stringify(constraints.map(({ field, most }) => [field, 'MAX_PER', String(most)]));
}

/** Where a host or node is, by the field of a constraint. */
export function placeOf(
  field: PlacementConstraint['field'],
  { instanceId, zone }: { readonly instanceId: string; readonly zone: string },
): string {
  return field === 'hostname' ? instanceId : zone;
}

function listsOf(given: unknown): readonly unknown[][] | undefined {
  if (typeof given === 'string') return listsOfText(given.trim());
  if (!Array.isArray(given)) return undefined;
  // One constraint alone needs no list around it.
  if (typeof given[0] === 'string') return [given];
  return given.every((list) => Array.isArray(list)) ? given : undefined;
}

function listsOfText(text: string): readonly unknown[][] | undefined {
  if (text === '') return [];
  if (!text.startsWith('[')) return text.split(',').map((constraint) => constraint.trim().split(':'));
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? listsOf(parsed) : undefined;
  } catch {
    return undefined;
  }
}

function readOne(list: readonly unknown[]): ConstraintReading {
  const [givenField, givenOperator, parameter, ...rest] = list;
  const field = String(givenField).replace(/^@/, '');
  const operator = String(givenOperator).toUpperCase();
  if (field !== 'hostname' && field !== 'zone')
    return { type: 'invalid', message: `${quoted(givenField)} is no field` };
  if (laterOperators.includes(operator)) {
    const message = `this version of Warden does not have the operator ${operator} yet`;
    return { type: 'invalid', message, hint: 'use MAX_PER or UNIQUE' };
  }
  if (rest.length > 0) return { type: 'invalid', message: `${quoted(rest[0])} is one part too many` };
  if (operator === 'UNIQUE') {
    if (parameter !== undefined && parameter !== '') return { type: 'invalid', message: 'UNIQUE takes no parameter' };
    return { type: 'valid', constraints: [{ field, most: 1 }] };
  }
  if (operator !== 'MAX_PER') return { type: 'invalid', message: `${quoted(givenOperator)} is no operator` };
  const most = /^\d{1,3}$/.test(String(parameter)) ? Number(parameter) : 0;
  if (most >= 1 && most <= mostOfAll) return { type: 'valid', constraints: [{ field, most }] };
  return { type: 'invalid', message: `MAX_PER takes a number from 1 to ${mostOfAll}, not ${quoted(parameter)}` };
}

function quoted(part: unknown): string {
  return part === undefined ? 'nothing' : `"${String(part).slice(0, 40)}"`;
}
