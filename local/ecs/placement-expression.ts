import { AwsError } from '../core/aws-error.ts';

/** What an expression can ask of a container instance: the values of a subject, none when it has no such subject. */
export type Subject = (name: string) => readonly string[];

/** Whether a container instance fits. */
export type Predicate = (subject: Subject) => boolean;

const TOKEN = /\s*(?:(==|!=|>=|<=|=~|!~|&&|\|\||[()[\],<>!])|'([^']*)'|"([^"]*)"|([^\s()[\],'"=!<>~]+))/y;
const SUBJECT =
  /^(agentConnected|agentVersion|ec2InstanceId|registeredAt|runningTasksCount|task:group|attribute:[\w.:/-]+)$/;

const COMPARISONS: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  '==': (left, right) => left === right,
  '>': (left, right) => Number(left) > Number(right),
  '>=': (left, right) => Number(left) >= Number(right),
  '<': (left, right) => Number(left) < Number(right),
  '<=': (left, right) => Number(left) <= Number(right),
  '=~': (left, right) => new RegExp(right).test(left),
};
/** Words that the language has beside its signs. */
const WORDS: Readonly<Record<string, string>> = {
  equals: '==',
  not_equals: '!=',
  greater_than: '>',
  greater_than_equal: '>=',
  less_than: '<',
  less_than_equal: '<=',
  matches: '=~',
  not_matches: '!~',
};

/**
 * Reads an expression of the cluster query language.
 * Source: ECS developer guide, cluster query language.
 * @throws AwsError InvalidParameterException that says where reading stopped
 */
export function parseExpression(text: string): Predicate {
  const reader = new Reader(text);
  const predicate = readOr(reader);
  reader.expectEnd();
  return predicate;
}

function readOr(reader: Reader): Predicate {
  const parts = [readAnd(reader)];
  while (reader.take('or', '||')) parts.push(readAnd(reader));
  return (subject) => parts.some((part) => part(subject));
}

function readAnd(reader: Reader): Predicate {
  const parts = [readTerm(reader)];
  while (reader.take('and', '&&')) parts.push(readTerm(reader));
  return (subject) => parts.every((part) => part(subject));
}

function readTerm(reader: Reader): Predicate {
  if (reader.take('not', '!')) {
    const inner = readTerm(reader);
    return (subject) => !inner(subject);
  }
  if (!reader.take('(')) return readCondition(reader);
  const inner = readOr(reader);
  if (!reader.take(')')) throw reader.failure("')'");
  return inner;
}

function readCondition(reader: Reader): Predicate {
  const name = reader.next();
  if (name === undefined || !SUBJECT.test(name))
    throw reader.failure('a subject such as ec2InstanceId or attribute:<name>', name);
  if (reader.take('exists')) return (subject) => subject(name).length > 0;
  if (reader.take('not_exists')) return (subject) => subject(name).length === 0;
  if (reader.take('in')) {
    const values = readList(reader);
    return (subject) => subject(name).some((value) => values.includes(value));
  }
  if (reader.take('not_in')) {
    const values = readList(reader);
    return (subject) => !subject(name).some((value) => values.includes(value));
  }
  if (reader.take('!')) return readNegated(reader, name);
  const word = reader.next() ?? '';
  return readComparison(reader, name, WORDS[word] ?? word);
}

/** `!exists` and `!in`. */
function readNegated(reader: Reader, name: string): Predicate {
  if (reader.take('exists')) return (subject) => subject(name).length === 0;
  if (!reader.take('in')) throw reader.failure('exists or in');
  const values = readList(reader);
  return (subject) => !subject(name).some((value) => values.includes(value));
}

function readComparison(reader: Reader, name: string, operator: string): Predicate {
  const isNegated = operator === '!=' || operator === '!~';
  const compare = COMPARISONS[isNegated ? operator.replace('!', '=') : operator];
  if (compare === undefined) throw reader.failure('an operator such as ==, in or exists', operator);
  const argument = reader.next();
  if (argument === undefined) throw reader.failure('a value');
  return (subject) => subject(name).some((value) => compare(value, argument)) !== isNegated;
}

function readList(reader: Reader): string[] {
  if (!reader.take('[')) throw reader.failure("'['");
  const values: string[] = [];
  while (!reader.take(']')) {
    const value = reader.next();
    if (value === undefined) throw reader.failure("']'");
    values.push(value);
    reader.take(',');
  }
  return values;
}

class Reader {
  readonly #text: string;
  readonly #tokens: string[] = [];
  #place = 0;

  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    const trimmed = text.trimEnd();
    while (TOKEN.lastIndex < trimmed.length) {
      const at = TOKEN.lastIndex;
      const found = TOKEN.exec(trimmed);
      if (found === null) throw this.failure('a word, a value or an operator', trimmed.slice(at));
      this.#tokens.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
    }
  }

  next(): string | undefined {
    const token = this.#tokens[this.#place];
    this.#place += 1;
    return token;
  }

  take(...words: readonly string[]): boolean {
    const token = this.#tokens[this.#place];
    if (token === undefined || !words.includes(token.toLowerCase())) return false;
    this.#place += 1;
    return true;
  }

  expectEnd(): void {
    const token = this.#tokens[this.#place];
    if (token !== undefined) throw this.failure('the end', token);
  }

  failure(expected: string, got: string | undefined = this.#tokens[this.#place]): AwsError {
    return new AwsError(
      'InvalidParameterException',
      `Invalid expression '${this.#text}': expected ${expected}, got ${got === undefined ? 'the end' : `'${got}'`}.`,
    );
  }
}
