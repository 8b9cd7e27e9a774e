import type { Shape } from '../../wire/shape.ts';
import { StateFailure } from '../interpreter/failure.ts';
import { isJsonObject, type Json } from '../interpreter/json.ts';
import { pascalCase } from './integration-table.ts';

/**
 * Turns a task's parameters into the SDK's form: members are written in PascalCase, times as ISO 8601, and an object
 * where the API wants a string becomes JSON text. @throws StateFailure States.Runtime for a field the API has not
 */
export function toSdkValue(shape: Shape, value: Json): unknown {
  if (value === null) return undefined;
  switch (shape.type) {
    case 'structure':
      return isJsonObject(value) ? toStructure(shape, value) : value;
    case 'list':
      return Array.isArray(value) ? value.map((item) => toSdkValue(shape.element.shape, item)) : value;
    case 'map':
      return isJsonObject(value) ? mapValues(value, (item) => toSdkValue(shape.value.shape, item)) : value;
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : value;
    case 'blob':
      return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    case 'timestamp':
      return typeof value === 'string' ? new Date(value) : value;
    default:
      return value;
  }
}

function toStructure(shape: Extract<Shape, { type: 'structure' }>, value: { readonly [key: string]: Json }): object {
  const members = new Map([...shape.members.values()].map((member) => [pascalCase(member.name), member]));
  const entries = Object.entries(value).map(([key, item]) => {
    const member = members.get(key);
    if (member === undefined) {
      const allowed = [...members.keys()].join(', ');
      throw new StateFailure('States.Runtime', `The field '${key}' is not supported; ${shape.name} has ${allowed}.`);
    }
    return [member.name, toSdkValue(member.shape, item)] as const;
  });
  return Object.fromEntries(entries);
}

/** Turns an SDK's answer into a task's result: PascalCase members, times by `formatTime`, blobs as text. */
export function fromSdkValue(shape: Shape, value: unknown, formatTime: (time: Date) => Json): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return formatTime(value);
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.map((item) => fromSdkValue(shape.element.shape, item, formatTime));
  }
  if (shape.type === 'map' && typeof value === 'object') {
    return mapValues<unknown, Json>({ ...value }, (item) => fromSdkValue(shape.value.shape, item, formatTime));
  }
  if (shape.type === 'structure' && typeof value === 'object') {
    const given: Readonly<Record<string, unknown>> = { ...value };
    const members = [...shape.members.values()].filter(({ name }) => given[name] !== undefined && given[name] !== null);
    return Object.fromEntries(
      members.map((member) => [pascalCase(member.name), fromSdkValue(member.shape, given[member.name], formatTime)]),
    );
  }
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : JSON.parse(JSON.stringify(value));
}

function mapValues<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
