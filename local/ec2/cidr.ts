/** A range of IPv4 addresses as its first and last number. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Undefined when the text is no IPv4 CIDR block. */
export function parseCidr(text: string): Range | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (found === null) return undefined;
  const [a = 256, b = 256, c = 256, d = 256, bits = 33] = found.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const first = Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether one range lies in another. */
export function isInside(inner: Range, outer: Range): boolean {
  return inner.first >= outer.first && inner.last <= outer.last;
}

/** Whether two ranges share an address. */
export function doOverlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}
