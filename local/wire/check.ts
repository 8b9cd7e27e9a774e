import { types } from 'node:util';
import type { Member, Shape } from './shape.ts';

/** Where a value departs from its shape. */
export interface Problem {
  readonly kind: 'missing' | 'type' | 'unknown';
  readonly path: string;
  readonly message: string;
}

/**
 * Compares a value in the SDK's form (Date, Uint8Array, plain objects) with its shape, strictly: unknown members,
 * wrong types and missing required members are all problems. Constraints (enum, length, pattern) are not in the
 * SDK's schemas: handlers check those.
 */
export function checkValue(shape: Shape, value: unknown): Problem[] {
  const problems: Problem[] = [];
  if (shape.type !== 'unit') collect(shape, value, '', problems);
  return problems;
}

function collect(shape: Shape, value: unknown, path: string, problems: Problem[]): void {
  if (!matchesType(shape, value)) {
    problems.push({
      kind: 'type',
      path,
      message: `${path || 'the input'}: expected ${shape.type}, got ${describe(value)}`,
    });
    return;
  }
  switch (shape.type) {
    case 'structure':
      collectMembers(shape.members, value as Record<string, unknown>, path, problems);
      return;
    case 'list':
      for (const [index, item] of (value as unknown[]).entries())
        collect(shape.element.shape, item, `${path}[${index}]`, problems);
      return;
    case 'map':
      for (const [key, item] of Object.entries(value as object))
        if (item !== null && item !== undefined) collect(shape.value.shape, item, `${path}.${key}`, problems);
      return;
    default:
      return;
  }
}

function collectMembers(
  members: ReadonlyMap<string, Member>,
  value: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problem[],
): void {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  for (const member of members.values()) {
    const item = Object.hasOwn(value, member.name) ? value[member.name] : undefined;
    if (item !== undefined && item !== null) collect(member.shape, item, at(member.name), problems);
    else if (member.required)
      problems.push({ kind: 'missing', path: at(member.name), message: `${at(member.name)}: required, but missing` });
  }
  for (const [name, item] of Object.entries(value)) {
    if (members.has(name) || item === undefined) continue;
    problems.push({ kind: 'unknown', path: at(name), message: `${at(name)}: unknown member` });
  }
}

function matchesType(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case 'structure':
    case 'map':
      return isPlainObject(value);
    case 'list':
      return Array.isArray(value);
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value));
    case 'timestamp':
      return types.isDate(value) && !Number.isNaN(value.getTime());
    case 'blob':
      return ArrayBuffer.isView(value);
    case 'document':
    case 'unit':
      return true;
  }
}

function isPlainObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !types.isDate(value) &&
    !ArrayBuffer.isView(value)
  );
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const text = typeof value === 'object' ? value.constructor?.name : JSON.stringify(value);
  return `${typeof value} ${String(text).slice(0, 80)}`;
}
