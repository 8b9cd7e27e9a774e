import { BlockList, isIPv6 } from 'node:net';
import { AwsError } from '../core/aws-error.ts';

/** One entry of a pattern's leaf array. */
export type Filter =
  | { readonly type: 'exact'; readonly value: string | number | boolean | null }
  | { readonly type: 'present' }
  | { readonly type: 'absent' }
  | { readonly type: 'text'; readonly accepts: (text: string) => boolean }
  | { readonly type: 'number'; readonly accepts: (value: number) => boolean }
  | { readonly type: 'none'; readonly filters: readonly Filter[] };

/** @throws AwsError InvalidEventPatternException */
export function parseFilter(json: unknown, path: string): Filter {
  if (isScalar(json)) return { type: 'exact', value: json };
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const [name, argument] = entries[0] ?? [];
  if (Array.isArray(json) || name === undefined || entries.length !== 1) {
    throw invalidPattern(`Match value must be String, number, true, false, null, or one match operator (at ${path})`);
  }
  switch (name) {
    case 'exists':
      if (typeof argument !== 'boolean') throw invalidPattern(`exists must be true or false (at ${path})`);
      return { type: argument ? 'present' : 'absent' };
    case 'numeric':
      return { type: 'number', accepts: parseNumeric(argument, path) };
    case 'anything-but':
      return { type: 'none', filters: parseAnythingBut(argument, path) };
    default:
      return parseTextFilter(name, argument, path);
  }
}

/** Whether a scalar of the event passes; `absent` is judged by the caller, which knows the whole event. */
export function passes(filter: Filter, leaf: unknown): boolean {
  switch (filter.type) {
    case 'exact':
      return leaf === filter.value;
    case 'present':
      return true;
    case 'absent':
      return false;
    case 'text':
      return typeof leaf === 'string' && filter.accepts(leaf);
    case 'number':
      return typeof leaf === 'number' && filter.accepts(leaf);
    case 'none':
      return !filter.filters.some((inner) => passes(inner, leaf));
  }
}

/** The refusal of a pattern, as AWS words it. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

function parseTextFilter(name: string, argument: unknown, path: string): Filter {
  switch (name) {
    case 'prefix':
      return { type: 'text', accepts: parseAffix(argument, `${path}.prefix`, (text, affix) => text.startsWith(affix)) };
    case 'suffix':
      return { type: 'text', accepts: parseAffix(argument, `${path}.suffix`, (text, affix) => text.endsWith(affix)) };
    case 'equals-ignore-case': {
      const wanted = needText(argument, path).toLowerCase();
      return { type: 'text', accepts: (text) => text.toLowerCase() === wanted };
    }
    case 'wildcard': {
      const regex = parseWildcard(needText(argument, path), path);
      return { type: 'text', accepts: (text) => regex.test(text) };
    }
    case 'cidr':
      return { type: 'text', accepts: parseCidr(needText(argument, path), path) };
    default:
      throw invalidPattern(`Unrecognized match type ${name} (at ${path})`);
  }
}

function parseAffix(
  argument: unknown,
  path: string,
  has: (text: string, affix: string) => boolean,
): (text: string) => boolean {
  if (typeof argument === 'string') return (text) => has(text, argument);
  const entries = typeof argument === 'object' && argument !== null ? Object.entries(argument) : [];
  const [name, value] = entries[0] ?? [];
  if (name !== 'equals-ignore-case' || entries.length !== 1) {
    throw invalidPattern(`prefix and suffix take a string or {"equals-ignore-case": string} (at ${path})`);
  }
  const wanted = needText(value, path).toLowerCase();
  return (text) => has(text.toLowerCase(), wanted);
}

/** The filters none of which may pass: scalars, a list of them, or one text operator over a string or a list. */
function parseAnythingBut(argument: unknown, path: string): Filter[] {
  const values = Array.isArray(argument) ? argument : [argument];
  if (values.length > 0 && values.every(isScalar)) return parseScalars(values, path);
  const entries = Array.isArray(argument) || typeof argument !== 'object' ? [] : Object.entries(argument ?? {});
  const [name, inner] = entries[0] ?? [];
  if (
    name === undefined ||
    entries.length !== 1 ||
    !['prefix', 'suffix', 'wildcard', 'equals-ignore-case'].includes(name)
  ) {
    throw invalidPattern(
      `anything-but takes strings, numbers, or one of prefix, suffix, wildcard and equals-ignore-case (at ${path})`,
    );
  }
  const list = Array.isArray(inner) ? inner : [inner];
  if (list.length === 0) throw invalidPattern(`Empty arrays are not allowed (at ${path})`);
  return list.map((value) => parseTextFilter(name, value, path));
}

function parseScalars(values: readonly (string | number | boolean | null)[], path: string): Filter[] {
  const types = new Set(values.map((value) => typeof value));
  if (types.size > 1)
    throw invalidPattern(`Inside anything-but either all values are numbers or all are strings (at ${path})`);
  return values.map((value) => ({ type: 'exact', value }));
}

function parseNumeric(argument: unknown, path: string): (value: number) => boolean {
  if (!Array.isArray(argument) || (argument.length !== 2 && argument.length !== 4)) {
    throw invalidPattern(`numeric takes ["operator", number] once or twice (at ${path})`);
  }
  const checks = argument.length === 2 ? [argument] : [argument.slice(0, 2), argument.slice(2)];
  const [first, second] = checks.map(([operator, bound]) => parseComparison(operator, bound, path));
  return (value) => first?.(value) !== false && second?.(value) !== false;
}

function parseComparison(operator: unknown, bound: unknown, path: string): (value: number) => boolean {
  if (typeof bound !== 'number') throw invalidPattern(`Value of ${String(operator)} must be numeric (at ${path})`);
  switch (operator) {
    case '=':
      return (value) => value === bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    default:
      throw invalidPattern(`Unrecognized numeric range operator: ${String(operator)} (at ${path})`);
  }
}

/** `*` stands for any text, `\*` and `\\` for themselves. */
function parseWildcard(text: string, path: string): RegExp {
  let source = '';
  let wasStar = false;
  for (const [token] of text.matchAll(/\\[*\\]|[\s\S]/gu)) {
    if (token === '*' && wasStar) throw invalidPattern(`Consecutive wildcard characters (at ${path})`);
    if (token === '\\') throw invalidPattern(`Invalid escape character in wildcard (at ${path})`);
    wasStar = token === '*';
    source += wasStar ? '.*' : escapeRegExp(token.replace(/^\\(?=.)/, ''));
  }
  return new RegExp(`^${source}$`, 'su');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function parseCidr(text: string, path: string): (address: string) => boolean {
  const [network = '', bits = ''] = text.split('/');
  const list = new BlockList();
  try {
    list.addSubnet(network, /^\d+$/.test(bits) ? Number(bits) : -1, isIPv6(network) ? 'ipv6' : 'ipv4');
  } catch {
    // Node refuses a malformed network or prefix length; the pattern's author gets AWS's error.
    throw invalidPattern(`Malformed CIDR: ${text} (at ${path})`);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function needText(value: unknown, path: string): string {
  if (typeof value !== 'string')
    throw invalidPattern(`the operator takes a string, got ${JSON.stringify(value)} (at ${path})`);
  return value;
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
