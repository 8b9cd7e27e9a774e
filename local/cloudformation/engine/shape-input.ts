import type { ServiceName } from '../../core/service.ts';
import { CATALOG } from '../../wire/catalog.ts';
import { findOperation } from '../../wire/operation.ts';
import type { Member, Shape } from '../../wire/shape.ts';

/** Thrown when a value has a member that the service's operation lacks. */
export class UnknownMember extends Error {
  readonly path: string;

  constructor(path: string, operation: string) {
    super(`${operation} has no member ${path}`);
    this.name = 'UnknownMember';
    this.path = path;
  }
}

/**
 * Brings a value that is written as templates are into the form of an operation's input: members in the service's
 * case, texts as numbers and booleans where the service wants those, objects as JSON text where it wants text.
 *
 * @throws UnknownMember
 */
export async function shapeInput(service: ServiceName, operation: string, input: object): Promise<object> {
  const found = findOperation(await CATALOG[service].load(), operation);
  if (found === undefined) throw new Error(`${service} has no operation ${operation}`);
  const shaped = shapeValue(found.input, input, { operation, path: '' });
  return typeof shaped === 'object' && shaped !== null ? shaped : {};
}

interface Place {
  readonly operation: string;
  readonly path: string;
}

function shapeValue(shape: Shape, value: unknown, place: Place): unknown {
  switch (shape.type) {
    case 'structure':
      return isObject(value) ? shapeMembers(shape.members, value, place) : value;
    case 'list':
      return shapeList(shape.element.shape, value, place);
    case 'map':
      return isObject(value) ? shapeMap(shape.value.shape, value, place) : value;
    case 'string':
      return shapeText(value);
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    default:
      return value;
  }
}

function shapeMembers(members: ReadonlyMap<string, Member>, value: object, place: Place): object {
  const byLowerName = new Map([...members.keys()].map((name) => [name.toLowerCase(), name]));
  const shaped: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const path = place.path === '' ? name : `${place.path}.${name}`;
    const member = members.get(name) ?? members.get(byLowerName.get(name.toLowerCase()) ?? '');
    if (member === undefined) throw new UnknownMember(path, place.operation);
    shaped[member.name] = shapeValue(member.shape, item, { ...place, path });
  }
  return shaped;
}

/** A single value where the service wants a list is a list of one, as CloudFormation takes it. */
function shapeList(element: Shape, value: unknown, place: Place): unknown {
  const items = Array.isArray(value) ? value : [value];
  return items.map((item, index) => shapeValue(element, item, { ...place, path: `${place.path}[${index}]` }));
}

function shapeMap(element: Shape, value: object, place: Place): object {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, shapeValue(element, item, { ...place, path: `${place.path}.${name}` })]),
  );
}

function shapeText(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : value;
}

function isObject(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Date)
  );
}
