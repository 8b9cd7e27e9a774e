import { failure } from '../failure.ts';

/** A value as DynamoDB keeps it, at the document client's level. */
export type Value = null | boolean | number | string | Uint8Array | Value[] | { [name: string]: Value } | Set<unknown>;
export type Item = { [name: string]: Value };

/** A type as DynamoDB names it. */
export type ValueType = 'NULL' | 'BOOL' | 'N' | 'S' | 'B' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

/** Source: DynamoDB developer guide, item sizes and formats: 400 KB an item. */
export const largestItemBytes = 400 * 1024;

/**
 * What the document client (removeUndefinedValues) makes of a value. Throws what it throws for what has no place in
 * DynamoDB: dates, functions, numbers that a double does not hold.
 */
export function storedValue(value: unknown): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return storedNumber(value);
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.filter((one) => one !== undefined).map(storedValue);
  if (value instanceof Set) return storedSet(value);
  if (typeof value === 'object' && isPlain(value)) return storedMap(value);
  throw new Error(
    `Unsupported type passed: ${String(value)}. Pass options.convertClassInstanceToMap=true to marshall typeof object as map attribute.`,
  );
}

/** An item: a map on top. */
export function storedMap(value: object): Item {
  const item: Item = {};
  for (const [name, part] of Object.entries(value)) if (part !== undefined) item[name] = storedValue(part);
  return item;
}

/** The type of a value. */
export function typeOf(value: Value): ValueType {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return 'BOOL';
  if (typeof value === 'number') return 'N';
  if (typeof value === 'string') return 'S';
  if (value instanceof Uint8Array) return 'B';
  if (Array.isArray(value)) return 'L';
  if (!(value instanceof Set)) return 'M';
  const [first] = value;
  return typeof first === 'number' ? 'NS' : typeof first === 'string' ? 'SS' : 'BS';
}

/** Bytes of an item: its names and its values. Source: DynamoDB developer guide, item sizes and formats. */
export function sizeOfItem(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value), 0);
}

function sizeOf(value: Value): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return sizeOfNumber(value);
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return 3 + value.reduce((sum: number, one) => sum + 1 + sizeOf(one), 0);
  if (value instanceof Set) return [...value].reduce((sum: number, one) => sum + sizeOf(one as Value), 0);
  return 3 + Object.keys(value).length + sizeOfItem(value);
}

/** About one byte for two significant digits, one more for the exponent and one for the sign. */
function sizeOfNumber(value: number): number {
  const isShort = Number.isInteger(value) && value > -10 && value < 10;
  if (isShort) return value < 0 ? 3 : 2;
  const digits = Math.abs(value).toExponential().split('e')[0]?.replace('.', '').length ?? 1;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}

function storedNumber(value: number): number {
  if (Number.isNaN(value) || !Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    const side = value > 0 ? 'greater than Number.MAX_SAFE_INTEGER' : 'lesser than Number.MIN_SAFE_INTEGER';
    throw new Error(`Number ${value} is ${side}. Use NumberValue from @aws-sdk/lib-dynamodb.`);
  }
  return value;
}

function storedSet(value: Set<unknown>): Set<unknown> {
  if (value.size === 0)
    throw failure('ValidationException', 'One or more parameter values were invalid: An number set  may not be empty');
  return new Set(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm (a test runner's) have an Object.prototype of their own.
  return prototype === null || (prototype as object).constructor?.name === 'Object';
}
