/** First and last version, inclusive. */
export type VersionRange = readonly [number, number];

type ScalarType = 'bool' | 'int8' | 'int16' | 'uint16' | 'int32' | 'int64' | 'string' | 'uuid';

export interface FieldDefinition {
  readonly name: string;
  readonly type: ScalarType | 'struct';
  readonly array?: boolean;
  readonly versions: VersionRange;
  readonly nullable?: VersionRange;
  /** The field travels as tag `tag` in the versions `tagged`, and is left out there when it has its default. */
  readonly tag?: number;
  readonly tagged?: VersionRange;
  readonly default: unknown;
  /** Whether a value may be dropped in versions that lack the field. */
  readonly ignorable?: boolean;
  readonly fields?: readonly FieldDefinition[];
}

export interface MessageDefinition {
  readonly versions: VersionRange;
  /** The versions with compact lengths and tagged fields. */
  readonly flexible: VersionRange | null;
  readonly fields: readonly FieldDefinition[];
}

export interface MessagePair {
  readonly apiKey: number;
  readonly request: MessageDefinition;
  readonly response: MessageDefinition;
}

/** A message or a struct in it, by member name. */
export type MessageValue = Readonly<Record<string, unknown>>;

/** Whether a version lies in a range; no range holds none. */
export function isWithin(range: VersionRange | null | undefined, version: number): boolean {
  return range !== null && range !== undefined && range[0] <= version && version <= range[1];
}
