import { failure, notModelled } from '../failure.ts';
import { reservedWords } from './reserved-words.ts';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** An attribute of the item, or a value of the request; names as they stand in the expression. */
export type Operand =
  | { readonly type: 'path'; readonly name: string }
  | { readonly type: 'value'; readonly name: string };

export type Expression =
  | { readonly type: 'or' | 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'not'; readonly inner: Expression }
  | { readonly type: 'exists'; readonly path: Operand; readonly wanted: boolean }
  | { readonly type: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand };

const token = /\s*(<=|>=|<>|[=<>(),]|[:#]?[A-Za-z_][\w]*|\S)/y;
const comparators: readonly string[] = ['=', '<>', '<', '<=', '>', '>='];
const functions: Readonly<Record<string, boolean>> = { attribute_exists: true, attribute_not_exists: false };
const otherWords = /^(begins_with|contains|size|attribute_type|between|in)$/i;
const modelled = ['attribute_exists', 'attribute_not_exists', ...comparators, 'AND', 'OR', 'NOT', '( )'];

const parsed = new Map<string, Expression>();

/**
 * Reads a condition: OR binds less than AND, AND less than NOT. Words of the language are read in any case, names of
 * functions in lower case only. Throws a ValidationException where the text is no condition.
 */
export function parseExpression(text: string): Expression {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const reader = new Reader(text);
  const expression = readOr(reader);
  if (reader.peek() !== undefined) throw reader.syntaxError();
  parsed.set(text, expression);
  return expression;
}

function readOr(reader: Reader): Expression {
  let left = readAnd(reader);
  while (reader.takeWord('OR')) left = { type: 'or', left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: Reader): Expression {
  let left = readNot(reader);
  while (reader.takeWord('AND')) left = { type: 'and', left, right: readNot(reader) };
  return left;
}

function readNot(reader: Reader): Expression {
  if (reader.takeWord('NOT')) return { type: 'not', inner: readNot(reader) };
  if (!reader.take('(')) return readCondition(reader);
  const inner = readOr(reader);
  reader.expect(')');
  return inner;
}

function readCondition(reader: Reader): Expression {
  const wanted = functions[reader.peek() ?? ''];
  if (wanted !== undefined) {
    reader.next();
    reader.expect('(');
    const path = readOperand(reader);
    reader.expect(')');
    if (path.type === 'value')
      throw failure(
        'ValidationException',
        'Invalid ConditionExpression: Operator or function requires a document path',
      );
    return { type: 'exists', path, wanted };
  }
  const left = readOperand(reader);
  const comparator = reader.peek() ?? '';
  if (otherWords.test(comparator)) throw notModelled(`dynamodb condition '${comparator}'`, modelled);
  if (!comparators.includes(comparator)) throw reader.syntaxError();
  reader.next();
  return { type: 'compare', comparator: comparator as Comparator, left, right: readOperand(reader) };
}

function readOperand(reader: Reader): Operand {
  const name = reader.next() ?? '';
  if (otherWords.test(name)) throw notModelled(`dynamodb condition '${name}'`, modelled);
  if (!/^[:#]?[A-Za-z_]\w*$/.test(name)) throw reader.syntaxError();
  if (reservedWords.has(name.toLowerCase()))
    throw failure(
      'ValidationException',
      `Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: ${name}`,
    );
  const following = reader.peek();
  if (following === '.' || following === '[')
    throw notModelled('dynamodb condition: a path into an attribute', ['attributes of the item itself']);
  return { type: name.startsWith(':') ? 'value' : 'path', name };
}

class Reader {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #place = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...text.matchAll(new RegExp(token, 'gy'))].map((found) => found[1] ?? '');
  }

  peek(): string | undefined {
    return this.#tokens[this.#place];
  }

  next(): string | undefined {
    const next = this.peek();
    this.#place += 1;
    return next;
  }

  take(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.#place += 1;
    return true;
  }

  takeWord(word: string): boolean {
    if (this.peek()?.toUpperCase() !== word) return false;
    this.#place += 1;
    return true;
  }

  expect(sign: string): void {
    if (!this.take(sign)) throw this.syntaxError();
  }

  syntaxError(): Error {
    const place = Math.min(this.#place, this.#tokens.length);
    const near = this.#tokens.slice(Math.max(0, place - 1), place + 2).join(' ');
    return failure(
      'ValidationException',
      `Invalid ConditionExpression: Syntax error; token: "${this.peek() ?? '<EOF>'}", near: "${near}" in '${this.#text}'`,
    );
  }
}
