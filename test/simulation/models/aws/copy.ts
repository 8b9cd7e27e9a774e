/**
 * A copy that shares nothing that could be changed with its original, as everything that went over a wire. Undefined
 * members are left out. What `freezeAll` made unchangeable stands for itself.
 */
export function copyOf<Value>(value: Value): Value {
  return copyValue(value) as Value;
}

function copyValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copyValue);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof Set) return new Set([...value].map(copyValue));
  return copyRecord(value as Readonly<Record<string, unknown>>);
}

/**
 * Makes a value unchangeable as a whole. Answers false, and leaves those open that hold it, where something has insides
 * that cannot be frozen: bytes, sets and dates are copied each time.
 */
export function freezeAll(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return true;
  if (value instanceof Date || value instanceof Uint8Array || value instanceof Set) return false;
  let isFrozen = true;
  for (const part of Object.values(value)) if (!freezeAll(part)) isFrozen = false;
  if (isFrozen) Object.freeze(value);
  return isFrozen;
}

/** Most of the time of a schedule is spent here, so texts and numbers are not passed on. */
function copyRecord(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(record)) {
    const part = record[name];
    if (part !== undefined) copy[name] = typeof part === 'object' ? copyValue(part) : part;
  }
  return copy;
}

/** The same text for requests that say the same, whatever the order of their members. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}
