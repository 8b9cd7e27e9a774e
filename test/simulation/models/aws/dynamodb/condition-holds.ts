import { failure } from '../failure.ts';
import { type Item, typeOf, type Value } from './document-value.ts';
import { type Comparator, type Expression, type Operand, parseExpression } from './expression-parser.ts';

/** A condition with what its placeholders stand for. */
export interface Condition {
  readonly expression: Expression;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Value>>;
}

/** The members of a request that make a condition. */
export interface ConditionMembers {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Value>> | undefined;
}

/**
 * The condition of a request; undefined when it has none. Throws a ValidationException for placeholders that are not
 * defined or not used, and for values that have no order where one is asked for.
 */
export function readCondition(members: ConditionMembers): Condition | undefined {
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = members;
  if (ConditionExpression === undefined) {
    for (const name of ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const) {
      if (members[name] !== undefined) throw invalid(`${name} can only be specified when using expressions`);
    }
    return undefined;
  }
  if (ConditionExpression === '') throw invalid('Invalid ConditionExpression: The expression can not be empty;');
  for (const name of ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const) {
    if (Object.keys(members[name] ?? { one: 1 }).length === 0) throw invalid(`${name} must not be empty`);
  }
  const condition = {
    expression: parseExpression(ConditionExpression),
    names: ExpressionAttributeNames ?? {},
    values: ExpressionAttributeValues ?? {},
  };
  checkPlaceholders(condition);
  return condition;
}

/** Whether a condition holds for an item; the item is undefined where there is none. */
export function conditionHolds(condition: Condition | undefined, item: Item | undefined): boolean {
  return condition === undefined || holds(condition, condition.expression, item ?? {});
}

function holds(condition: Condition, expression: Expression, item: Item): boolean {
  switch (expression.type) {
    case 'or':
      return holds(condition, expression.left, item) || holds(condition, expression.right, item);
    case 'and':
      return holds(condition, expression.left, item) && holds(condition, expression.right, item);
    case 'not':
      return !holds(condition, expression.inner, item);
    case 'exists':
      return (operandValue(condition, expression.path, item) !== undefined) === expression.wanted;
    case 'compare': {
      const left = operandValue(condition, expression.left, item);
      const right = operandValue(condition, expression.right, item);
      return compares(expression.comparator, left, right);
    }
  }
}

/** A comparison with something that is not there never holds, but that it is unequal. */
function compares(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return comparator === '<>';
  const order = orderOf(left, right);
  switch (comparator) {
    case '=':
      return isEqual(left, right);
    case '<>':
      return !isEqual(left, right);
    case '<':
      return order !== undefined && order < 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '>=':
      return order !== undefined && order >= 0;
  }
}

function operandValue({ names, values }: Condition, operand: Operand, item: Item): Value | undefined {
  if (operand.type === 'value') return values[operand.name];
  const name = operand.name.startsWith('#') ? (names[operand.name] ?? '') : operand.name;
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

function isEqual(left: Value, right: Value): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return left === right;
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  if (left instanceof Set && right instanceof Set)
    return left.size === right.size && [...left].every((one) => right.has(one));
  const [ofLeft, ofRight] = [Object.entries(left), right as { [name: string]: Value }];
  return (
    ofLeft.length === Object.keys(right).length &&
    ofLeft.every(([name, value]) => Object.hasOwn(ofRight, name) && isEqual(value as Value, ofRight[name] as Value))
  );
}

/** Negative where the left comes first; undefined for values of different types and of types without order. */
function orderOf(left: Value, right: Value): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  return undefined;
}

/** By the bytes of UTF-8, which is the order of JavaScript's strings but for what stands beyond the surrogates. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  if (beyondSurrogates.test(left) || beyondSurrogates.test(right))
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return left < right ? -1 : 1;
}

const beyondSurrogates = /[\ud800-\uffff]/;

function checkPlaceholders({ expression, names, values }: Condition): void {
  const used = operandsOf(expression);
  for (const { name } of used) {
    if (name.startsWith('#') && !Object.hasOwn(names, name))
      throw invalid(
        `Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
      );
    if (name.startsWith(':') && !Object.hasOwn(values, name))
      throw invalid(
        `Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: ${name}`,
      );
  }
  const isUnused = (name: string): boolean => !used.some((operand) => operand.name === name);
  for (const [what, given] of [
    ['Names', names],
    ['Values', values],
  ] as const) {
    const unused = Object.keys(given).filter(isUnused);
    if (unused.length > 0)
      throw invalid(`Value provided in ExpressionAttribute${what} unused in expressions: keys: {${unused.join(', ')}}`);
  }
  checkOrders(expression, values);
}

function checkOrders(expression: Expression, values: Condition['values']): void {
  if (expression.type === 'not') checkOrders(expression.inner, values);
  if (expression.type === 'and' || expression.type === 'or') {
    checkOrders(expression.left, values);
    checkOrders(expression.right, values);
  }
  if (expression.type !== 'compare' || expression.comparator === '=' || expression.comparator === '<>') return;
  for (const operand of [expression.left, expression.right]) {
    const type = operand.type === 'value' ? typeOf(values[operand.name] as Value) : 'S';
    if (!['N', 'S', 'B'].includes(type))
      throw invalid(
        `Invalid ConditionExpression: Incorrect operand type for operator or function; operator: ${expression.comparator}, operand type: ${type}`,
      );
  }
}

function operandsOf(expression: Expression): readonly Operand[] {
  switch (expression.type) {
    case 'or':
    case 'and':
      return [...operandsOf(expression.left), ...operandsOf(expression.right)];
    case 'not':
      return operandsOf(expression.inner);
    case 'exists':
      return [expression.path];
    case 'compare':
      return [expression.left, expression.right];
  }
}

function invalid(message: string): Error {
  return failure('ValidationException', message);
}
