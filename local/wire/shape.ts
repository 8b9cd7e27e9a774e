/** What a shape or one of its members carries beside its type, in Smithy's words. */
export interface Traits {
  readonly awsQueryError?: readonly [string, number];
  readonly ec2QueryName?: string;
  readonly error?: 'client' | 'server';
  readonly http?: readonly [string, string, number];
  readonly httpError?: number;
  readonly httpHeader?: string;
  readonly httpLabel?: 1;
  readonly httpPayload?: 1;
  readonly httpPrefixHeaders?: string;
  readonly httpQuery?: string;
  readonly httpQueryParams?: 1;
  readonly httpResponseCode?: 1;
  readonly jsonName?: string;
  readonly xmlAttribute?: 1;
  readonly xmlFlattened?: 1;
  readonly xmlName?: string;
  readonly xmlNamespace?: readonly [string, string];
}

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** A member of a structure, or the element, key or value of a list or map. Its shape is resolved late: shapes recur. */
export interface Member {
  readonly name: string;
  readonly traits: Traits;
  readonly required: boolean;
  readonly shape: Shape;
}

export interface StructureShape {
  readonly type: 'structure';
  readonly name: string;
  readonly traits: Traits;
  readonly members: ReadonlyMap<string, Member>;
}

export interface ListShape {
  readonly type: 'list';
  readonly traits: Traits;
  readonly element: Member;
}

export interface MapShape {
  readonly type: 'map';
  readonly traits: Traits;
  readonly key: Member;
  readonly value: Member;
}

interface SimpleShape {
  readonly type: 'blob' | 'boolean' | 'document' | 'number' | 'string' | 'unit';
  readonly traits: Traits;
}

interface TimestampShape {
  readonly type: 'timestamp';
  readonly traits: Traits;
  /** Absent when the protocol decides. */
  readonly format?: TimestampFormat;
}

export type Shape = StructureShape | ListShape | MapShape | SimpleShape | TimestampShape;

const KNOWN = new WeakMap<readonly unknown[], Shape>();

/**
 * Reads the run-time schema that `@aws-sdk/client-*` export (numbers, tuples and functions, see Source) as a tree of shapes.
 * Source: `@smithy/core` 3.41 NormalizedSchema; the package versions are pinned because this form is not a public promise.
 */
export function shapeOf(schema: unknown): Shape {
  const ref = resolve(schema);
  if (ref === 'unit' || ref === undefined) return { type: 'unit', traits: {} };
  if (typeof ref === 'number') return shapeOfNumber(ref);
  if (!Array.isArray(ref)) throw new Error(`schema of an unknown form: ${String(ref)}`);
  const known = KNOWN.get(ref);
  if (known !== undefined) return known;
  const shape = shapeOfTuple(ref);
  KNOWN.set(ref, shape);
  return shape;
}

function shapeOfTuple(tuple: readonly unknown[]): Shape {
  if (isMemberTuple(tuple)) return shapeOf(tuple[0]);
  const traits = readTraits(tuple[3]);
  switch (tuple[0]) {
    case 0: {
      const inner = shapeOf(tuple[4]);
      return { ...inner, traits: { ...inner.traits, ...traits } };
    }
    case 1:
      return { type: 'list', traits, element: readMember('member', tuple[4], true) };
    case 2:
      return {
        type: 'map',
        traits,
        key: readMember('key', tuple[4], true),
        value: readMember('value', tuple[5], true),
      };
    case 3:
    case -3:
    case 4:
      return { type: 'structure', name: String(tuple[2]), traits, members: readMembers(tuple) };
    default:
      throw new Error(`schema of an unknown kind ${String(tuple[0])}: ${String(tuple[1])}#${String(tuple[2])}`);
  }
}

/** A structure's tuple is [kind, namespace, name, traits, member names, member schemas, how many of the first are required]. */
function readMembers(tuple: readonly unknown[]): ReadonlyMap<string, Member> {
  const names: readonly unknown[] = Array.isArray(tuple[4]) ? tuple[4] : [];
  const schemas: readonly unknown[] = Array.isArray(tuple[5]) ? tuple[5] : [];
  const requiredCount = Number(tuple[6] ?? 0);
  return new Map(
    names.map((name, index) => [String(name), readMember(String(name), schemas[index], index < requiredCount)]),
  );
}

function readMember(name: string, schema: unknown, required: boolean): Member {
  let shape: Shape | undefined;
  let traits: Traits | undefined;
  return {
    name,
    required,
    get shape() {
      shape ??= shapeOf(schema);
      return shape;
    },
    get traits() {
      traits ??= { ...shapeOf(schema).traits, ...memberTraits(schema) };
      return traits;
    },
  };
}

function memberTraits(schema: unknown): Traits {
  const ref = resolve(schema);
  if (!Array.isArray(ref) || !isMemberTuple(ref)) return {};
  return { ...memberTraits(ref[0]), ...readTraits(ref[1]) };
}

/** Traits are an object, or the bits of those that carry no value. */
function readTraits(traits: unknown): Traits {
  if (typeof traits === 'object' && traits !== null) return traits;
  const bits = Number(traits ?? 0);
  const read: Record<string, 1> = {};
  const names = [
    'httpLabel',
    'idempotent',
    'idempotencyToken',
    'sensitive',
    'httpPayload',
    'httpResponseCode',
    'httpQueryParams',
  ];
  for (const [index, name] of names.entries()) if ((bits >> index) & 1) read[name] = 1;
  return read;
}

function shapeOfNumber(code: number): Shape {
  const element = { required: true, traits: {} };
  if (code >= 128) {
    const key: Member = { ...element, name: 'key', shape: { type: 'string', traits: {} } };
    return { type: 'map', traits: {}, key, value: { ...element, name: 'value', shape: shapeOfNumber(code & 63) } };
  }
  if (code >= 64)
    return { type: 'list', traits: {}, element: { ...element, name: 'member', shape: shapeOfNumber(code & 63) } };
  switch (code) {
    case 0:
      return { type: 'string', traits: {} };
    case 1:
    case 17:
    case 19:
      return { type: 'number', traits: {} };
    case 2:
      return { type: 'boolean', traits: {} };
    case 4:
      return { type: 'timestamp', traits: {} };
    case 5:
      return { type: 'timestamp', traits: {}, format: 'date-time' };
    case 6:
      return { type: 'timestamp', traits: {}, format: 'http-date' };
    case 7:
      return { type: 'timestamp', traits: {}, format: 'epoch-seconds' };
    case 15:
      return { type: 'document', traits: {} };
    case 21:
    case 42:
      return { type: 'blob', traits: {} };
    default:
      throw new Error(`simple schema of an unknown kind ${code}`);
  }
}

function isMemberTuple(tuple: readonly unknown[]): boolean {
  return tuple.length === 2;
}

function resolve(schema: unknown): unknown {
  return typeof schema === 'function' ? schema() : schema;
}
