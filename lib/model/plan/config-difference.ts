import type { ServiceConfig } from '../service/config.ts';

/** One option that two configs differ in; absent = it is not set there. */
export interface ConfigDifference {
  /** JSON pointer into the options document, or `/packageVersion`. */
  readonly pointer: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Every option that two configs differ in, sorted by its pointer, as the user wrote them: defaults of Kafka are not in it. */
export function configDifferences(before: ServiceConfig, after: ServiceConfig): readonly ConfigDifference[] {
  const earlier = leavesOf(before);
  const later = leavesOf(after);
  const pointers = [...new Set([...earlier.keys(), ...later.keys()])].sort();
  return pointers
    .filter((pointer) => !isSame(earlier.get(pointer), later.get(pointer)))
    .map((pointer) => ({
      pointer,
      ...(earlier.has(pointer) ? { before: earlier.get(pointer) } : {}),
      ...(later.has(pointer) ? { after: later.get(pointer) } : {}),
    }));
}

function leavesOf({ packageVersion, options }: ServiceConfig): ReadonlyMap<string, unknown> {
  return new Map([['/packageVersion', packageVersion], ...leavesUnder('', options)]);
}

function leavesUnder(pointer: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[pointer, value]];
  return Object.entries(value).flatMap(([name, member]) => leavesUnder(`${pointer}/${escaped(name)}`, member));
}

/** Source: RFC 6901, section 3. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A list is one leaf. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
