import { type Filter, invalidPattern, parseFilter, passes } from './pattern-filter.ts';

/** A compiled event pattern: every field and, of every `$or`, one alternative must match. */
export interface EventPattern {
  readonly fields: ReadonlyMap<string, EventPattern | readonly Filter[]>;
  readonly alternatives: readonly (readonly EventPattern[])[];
}

/**
 * Compiles the text of an event pattern.
 *
 * @throws AwsError InvalidEventPatternException
 */
export function parseEventPattern(text: string): EventPattern {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalidPattern(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(json)) throw invalidPattern('Filter is not an object');
  return parseNode(json, '$');
}

/**
 * Whether the event matches, as event-ruler decides: an array matches when one of its elements does, and the fields
 * under one array of objects must match within the same element. Source: Event Ruler's README.
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return matchesNode(pattern, event, { root: event, path: [] });
}

interface Place {
  readonly root: unknown;
  readonly path: readonly string[];
}

function parseNode(json: Record<string, unknown>, path: string): EventPattern {
  const fields = new Map<string, EventPattern | readonly Filter[]>();
  const alternatives: EventPattern[][] = [];
  for (const [name, value] of Object.entries(json)) {
    const at = `${path}.${name}`;
    if (name === '$or') alternatives.push(parseAlternatives(value, at));
    else if (Array.isArray(value)) fields.set(name, parseLeaf(value, at));
    else if (isObject(value)) fields.set(name, parseNode(value, at));
    else throw invalidPattern(`"${name}" must be an object or an array (at ${at})`);
  }
  if (fields.size === 0 && alternatives.length === 0)
    throw invalidPattern(`Empty objects are not allowed (at ${path})`);
  return { fields, alternatives };
}

function parseLeaf(values: readonly unknown[], path: string): Filter[] {
  if (values.length === 0) throw invalidPattern(`Empty arrays are not allowed (at ${path})`);
  return values.map((value) => parseFilter(value, path));
}

function parseAlternatives(value: unknown, path: string): EventPattern[] {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw invalidPattern(`$or must be an array of at least two objects (at ${path})`);
  }
  return value.map((alternative) => parseNode(alternative, path));
}

function matchesNode(node: EventPattern, value: unknown, place: Place): boolean {
  if (Array.isArray(value) && value.length > 0) return value.some((element) => matchesNode(node, element, place));
  const object = isObject(value) ? value : {};
  return (
    [...node.fields].every(([name, child]) =>
      matchesField(child, own(object, name), { ...place, path: [...place.path, name] }),
    ) && node.alternatives.every((nodes) => nodes.some((alternative) => matchesNode(alternative, object, place)))
  );
}

function matchesField(child: EventPattern | readonly Filter[], value: unknown, place: Place): boolean {
  if ('fields' in child) return matchesNode(child, value, place);
  const leaves = leavesOf(value);
  return child.some((filter) =>
    // Absence is judged over the whole event: another element of an array on the way may have the field.
    filter.type === 'absent'
      ? leavesAt(place.root, place.path).length === 0
      : leaves.some((leaf) => passes(filter, leaf)),
  );
}

/** The scalars of a field; objects are no leaves. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value];
}

function leavesAt(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return leavesOf(value);
  if (Array.isArray(value)) return value.flatMap((element) => leavesAt(element, path));
  return isObject(value) ? leavesAt(own(value, name), rest) : [];
}

function own(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
