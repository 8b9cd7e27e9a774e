import { toBase64, writeTime } from './scalar.ts';
import type { Shape, StructureShape } from './shape.ts';

/** Which of the two JSON protocol families is spoken: rest-json renames members, and its times are epoch seconds too. */
export interface JsonOptions {
  readonly useJsonName: boolean;
}

/**
 * Turns parsed JSON into the SDK's form. Nothing is dropped but nulls: what does not fit its shape is passed on as it is,
 * so that checkValue names it.
 */
export function readJson(shape: Shape, value: unknown, options: JsonOptions): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? readStructure(shape, value, options) : value;
    case 'list':
      return Array.isArray(value) ? value.map((item) => readJson(shape.element.shape, item, options)) : value;
    case 'map':
      return isRecord(value) ? mapValues(value, (item) => readJson(shape.value.shape, item, options)) : value;
    case 'timestamp':
      return readTime(value);
    case 'blob':
      return typeof value === 'string' ? Buffer.from(value, 'base64') : value;
    default:
      return value;
  }
}

/** Turns a checked value into what JSON.stringify takes; members that are undefined or null vanish. */
export function writeJson(shape: Shape, value: unknown, options: JsonOptions): unknown {
  if (value === null || value === undefined) return undefined;
  switch (shape.type) {
    case 'structure':
      return isRecord(value) ? writeStructure(shape, value, options) : value;
    case 'list':
      return Array.isArray(value) ? value.map((item) => writeJson(shape.element.shape, item, options)) : value;
    case 'map':
      return isRecord(value) ? mapValues(value, (item) => writeJson(shape.value.shape, item, options)) : value;
    case 'timestamp': {
      const text = writeTime(value, shape.format ?? 'epoch-seconds');
      return (shape.format ?? 'epoch-seconds') === 'epoch-seconds' ? Number(text) : text;
    }
    case 'blob':
      return toBase64(value);
    default:
      return value;
  }
}

function readStructure(shape: StructureShape, value: Record<string, unknown>, options: JsonOptions): unknown {
  const names = new Map(
    [...shape.members.values()].map((member) => [
      options.useJsonName ? (member.traits.jsonName ?? member.name) : member.name,
      member,
    ]),
  );
  const read: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const member = names.get(key);
    if (item === null) continue;
    // defineProperty: an unknown member named __proto__ must reach checkValue, not the prototype.
    const known = member === undefined ? item : readJson(member.shape, item, options);
    Object.defineProperty(read, member?.name ?? key, { value: known, enumerable: true, writable: true });
  }
  return read;
}

function writeStructure(shape: StructureShape, value: Record<string, unknown>, options: JsonOptions): unknown {
  const written: Record<string, unknown> = {};
  for (const member of shape.members.values()) {
    const item = writeJson(member.shape, value[member.name], options);
    const key = options.useJsonName ? (member.traits.jsonName ?? member.name) : member.name;
    if (item !== undefined) written[key] = item;
  }
  return written;
}

function mapValues(value: Record<string, unknown>, change: (item: unknown) => unknown): unknown {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, change(item)]),
  );
}

function readTime(value: unknown): unknown {
  if (typeof value === 'number') return new Date(value * 1000);
  if (typeof value !== 'string') return value;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? value : time;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
