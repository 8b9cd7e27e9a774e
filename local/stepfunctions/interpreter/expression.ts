import jsonata from 'jsonata';
import { type ExpressionSources, expressionFunctions } from './expression-functions.ts';
import { StateFailure } from './failure.ts';
import { isJsonObject, type Json } from './json.ts';

/** What expressions of one evaluation may read. */
export interface Scope {
  readonly variables: Readonly<Record<string, Json>>;
  /** The reserved variable `$states`. */
  readonly states: Readonly<Record<string, Json>>;
  readonly sources: ExpressionSources;
}

const compiled = new Map<string, jsonata.Expression>();

/** The JSONata source between {% and %}; undefined when the text is no expression. */
export function expressionSource(text: string): string | undefined {
  if (!text.includes('{%')) return undefined;
  return /^\{%([\s\S]*)%\}$/.exec(text.trim())?.[1]?.trim();
}

/** What is wrong with an expression's syntax; undefined when nothing is. */
export function expressionSyntaxError(source: string): string | undefined {
  try {
    compile(source);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Evaluates each expression in a field's value; everything else stays as it is.
 * @throws StateFailure States.QueryEvaluationError when an expression fails or gives no JSON
 */
export async function evaluate(template: Json, scope: Scope, field: string): Promise<Json> {
  if (!hasExpression(template)) return template;
  if (typeof template === 'string') return evaluateText(template, scope, field);
  if (isJsonObject(template)) {
    const entries: [string, Json][] = [];
    for (const [key, value] of Object.entries(template)) {
      const isFixed = !hasExpression(value);
      entries.push([key, isFixed ? value : await evaluate(value, scope, `${field}/${key}`)]);
    }
    return Object.fromEntries(entries);
  }
  if (!Array.isArray(template)) return template;
  const values: Json[] = [];
  for (const [index, value] of template.entries()) values.push(await evaluate(value, scope, `${field}[${index}]`));
  return values;
}

async function evaluateText(text: string, scope: Scope, field: string): Promise<Json> {
  const source = expressionSource(text);
  if (source === undefined) return text;
  const result = await run(source, scope, field);
  if (typeof result === 'string' || typeof result === 'boolean') return result;
  if (holdsFunction(result)) throw evaluationFailure(source, field, 'returned a function; JSON is needed.');
  // JSON's own text drops what JSONata adds to its sequences.
  const json = JSON.stringify(result);
  if (json === undefined) throw evaluationFailure(source, field, 'returned nothing (undefined).');
  return JSON.parse(json);
}

/** Definitions do not change: whether a part of one holds an expression is looked for once. */
const partsWithExpression = new WeakMap<object, boolean>();

function hasExpression(template: Json): boolean {
  if (typeof template === 'string') return expressionSource(template) !== undefined;
  if (typeof template !== 'object' || template === null) return false;
  const known = partsWithExpression.get(template);
  if (known !== undefined) return known;
  const found = Object.values(template).some(hasExpression);
  partsWithExpression.set(template, found);
  return found;
}

function holdsFunction(value: unknown): boolean {
  if (isFunction(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFunction);
}

/** JSONata's own functions are objects that it marks. */
function isFunction(value: unknown): boolean {
  return typeof value === 'function' || (typeof value === 'object' && value !== null && '_jsonata_lambda' in value);
}

async function run(source: string, scope: Scope, field: string): Promise<unknown> {
  const bindings = { ...expressionFunctions(scope.sources), ...scope.variables, states: scope.states };
  try {
    // There is no input document on AWS either: `$` and bare field names give nothing.
    return await compile(source).evaluate(undefined, bindings);
  } catch (error) {
    throw evaluationFailure(source, field, `threw an error: ${messageOf(error)}`);
  }
}

function evaluationFailure(source: string, field: string, what: string): StateFailure {
  const cause = `The JSONata expression '${source}' specified for the field '${field}' ${what}`;
  return new StateFailure('States.QueryEvaluationError', cause, field);
}

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const expression = jsonata(source);
  compiled.set(source, expression);
  return expression;
}

/** JSONata throws plain objects with a message and a code. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}
