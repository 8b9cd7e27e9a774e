/**
 * What JSON.parse(JSON.stringify(value)) gives for what our functions send, in a fraction of its time: values, not
 * references, and no undefined members. Throws for what is not sent as JSON at all.
 */
export function jsonCopy(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      // JSON knows neither of these; adding 0 makes -0 the 0 that JSON's text makes of it.
      return Number.isFinite(value) ? value + 0 : null;
    case 'object':
      return value === null ? null : copyObject(value);
    default:
      throw new TypeError(`a ${typeof value} is no JSON`);
  }
}

function copyObject(value: object): unknown {
  if (Array.isArray(value)) return value.map((part: unknown) => (part === undefined ? null : jsonCopy(part)));
  if (value instanceof Date) return value.toJSON();
  const record = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(record)) {
    const part = record[name];
    if (typeof part === 'string') copy[name] = part;
    else if (part !== undefined) copy[name] = jsonCopy(part);
  }
  return copy;
}
