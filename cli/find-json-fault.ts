/** Where a text stops being JSON. Line and column begin with 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** What stands there, and what belongs there. */
  readonly reason: string;
}

/** What comes next in a document, and the words for it. */
const wanted = {
  document: 'a value',
  'object start': 'a name in double quotes, or }',
  name: 'a name in double quotes',
  colon: ':',
  member: 'a value',
  'member end': ', or }',
  'list start': 'a value, or ]',
  element: 'a value',
  'element end': ', or ]',
  end: 'the end of the text',
} as const;

type Place = keyof typeof wanted;

/** `value` stands for numbers, true, false and null. */
type Token = 'string' | 'value' | '{' | '}' | '[' | ']' | ',' | ':';

const blank = /[ \t\n\r]*/y;
const value = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON bars them from strings.
const openString = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/**
 * The first place at which a text cannot go on to be JSON; undefined when it is JSON. JSON.parse names no place for
 * some faults, and other words with each version of Node.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let place: Place = 'document';
  let offset = endOf(blank, text, 0);
  while (offset < text.length) {
    const { token, end, fault } = readToken(text, offset);
    if (fault !== undefined) return faultAt(text, end, fault);
    const next: Place | undefined = token === undefined ? undefined : placeAfter(place, token, open);
    if (next === undefined) return faultAt(text, offset, wanted[place]);
    place = next;
    offset = endOf(blank, text, end);
  }
  return place === 'end' ? undefined : faultAt(text, offset, wanted[place]);
}

/** Undefined: the token does not belong there. Keeps account of what is open. */
function placeAfter(place: Place, token: Token, open: ('{' | '[')[]): Place | undefined {
  switch (place) {
    case 'document':
    case 'member':
    case 'element':
      return afterValue(token, open);
    case 'list start':
      return token === ']' ? afterClosing(open) : afterValue(token, open);
    case 'object start':
      if (token === '}') return afterClosing(open);
      return token === 'string' ? 'colon' : undefined;
    case 'name':
      return token === 'string' ? 'colon' : undefined;
    case 'colon':
      return token === ':' ? 'member' : undefined;
    case 'member end':
      if (token === ',') return 'name';
      return token === '}' ? afterClosing(open) : undefined;
    case 'element end':
      if (token === ',') return 'element';
      return token === ']' ? afterClosing(open) : undefined;
    case 'end':
      return undefined;
  }
}

function afterValue(token: Token, open: ('{' | '[')[]): Place | undefined {
  if (token === '{' || token === '[') {
    open.push(token);
    return token === '{' ? 'object start' : 'list start';
  }
  return token === 'string' || token === 'value' ? placeWithin(open) : undefined;
}

function afterClosing(open: ('{' | '[')[]): Place {
  open.pop();
  return placeWithin(open);
}

function placeWithin(open: readonly ('{' | '[')[]): Place {
  const innermost = open.at(-1);
  if (innermost === undefined) return 'end';
  return innermost === '{' ? 'member end' : 'element end';
}

interface Reading {
  readonly token?: Token;
  readonly end: number;
  /** What belongs at `end`: a string that was begun does not go on there. */
  readonly fault?: string;
}

function readToken(text: string, offset: number): Reading {
  const mark = text.charAt(offset);
  if (isMark(mark)) return { token: mark, end: offset + 1 };
  if (mark !== '"') {
    const end = endOf(value, text, offset);
    return end === offset ? { end } : { token: 'value', end };
  }
  const end = endOf(openString, text, offset);
  if (text.charAt(end) === '"') return { token: 'string', end: end + 1 };
  return { end, fault: text.charAt(end) === '\\' ? 'an escape that JSON has, such as \\n or \\\\' : '" or an escape' };
}

function isMark(text: string): text is Exclude<Token, 'string' | 'value'> {
  return text !== '' && '{}[],:'.includes(text);
}

function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}

function faultAt(text: string, offset: number, belongs: string): JsonFault {
  const lines = text.slice(0, offset).split('\n');
  const column = [...(lines.at(-1) ?? '')].length + 1;
  return { line: lines.length, column, reason: `${shown(text.codePointAt(offset))} where ${belongs} belongs` };
}

function shown(codePoint: number | undefined): string {
  if (codePoint === undefined) return 'the text ends';
  const character = String.fromCodePoint(codePoint);
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return `found ${character}`;
  return `found U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
