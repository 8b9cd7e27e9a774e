import { type Inspected, reportSchemaFault } from './diagnostic.ts';
import { expressionSource, expressionSyntaxError } from './expression.ts';
import { isJsonObject, type Json } from './json.ts';

/** What a field may hold: answers what is needed when the value is wrong. */
export type FieldCheck = (value: Json) => string | undefined;

/** The fields of an object of the language. */
export interface FieldTable {
  readonly required: Readonly<Record<string, FieldCheck>>;
  readonly optional: Readonly<Record<string, FieldCheck>>;
}

/** Any JSON; expressions inside it are checked. */
export const anyTemplate: FieldCheck = (value) => templateFault(value);

export const text: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'a string is needed');

export const flag: FieldCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false is needed');

export const objectValue: FieldCheck = (value) => (isJsonObject(value) ? undefined : 'an object is needed');

/** A string that may be an expression. */
export const textTemplate: FieldCheck = (value) => text(value) ?? templateFault(value);

/** A list with at least one object. */
export const objectList: FieldCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isJsonObject) ? undefined : 'a list of objects is needed';

/** A list with at least one string. */
export const textList: FieldCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string')
    ? undefined
    : 'a list of strings is needed';

/** One of a few words. */
export function oneOf(...words: readonly string[]): FieldCheck {
  return (value) =>
    typeof value === 'string' && words.includes(value) ? undefined : `one of ${words.join(', ')} is needed`;
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): FieldCheck {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `a whole number from ${least} to ${most} is needed`;
}

/** A whole number within bounds, or an expression. */
export function wholeNumberTemplate(least: number, most: number): FieldCheck {
  return (value) => (isExpression(value) ? templateFault(value) : wholeNumber(least, most)(value));
}

/** true, false, or an expression. */
export const condition: FieldCheck = (value) =>
  typeof value === 'boolean' || isExpression(value)
    ? templateFault(value)
    : 'a boolean or {% an expression %} is needed';

/** An object of variables. Source: Step Functions developer guide, variables: names of up to 80 characters. */
export const assignments: FieldCheck = (value) => {
  if (!isJsonObject(value)) return 'an object is needed';
  const wrong = Object.keys(value).find((name) => !/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u.test(name));
  if (wrong !== undefined) return `'${wrong}' cannot be a variable: an identifier of at most 80 characters is needed`;
  if ('states' in value) return "'states' cannot be assigned: it is reserved";
  return templateFault(value);
};

/** Checks an object's fields against its table; fields that the table does not name are refused by name. */
export function checkFields(inspected: Inspected, table: FieldTable): void {
  const { value } = inspected;
  for (const name of Object.keys(table.required)) {
    if (!(name in value)) reportSchemaFault(inspected, '', `The field '${name}' is missing.`);
  }
  const checks = { ...table.optional, ...table.required };
  for (const [name, member] of Object.entries(value)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    const fault = check === undefined ? notSupported(Object.keys(checks)) : check(member);
    if (fault !== undefined) reportSchemaFault(inspected, name, `The field '${name}': ${fault}.`);
  }
}

function notSupported(names: readonly string[]): string {
  return `it is not supported here (JSONata states only); allowed are ${names.join(', ')}`;
}

function isExpression(value: Json): boolean {
  return typeof value === 'string' && expressionSource(value) !== undefined;
}

function templateFault(value: Json): string | undefined {
  if (typeof value === 'string') return expressionFault(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const fault = templateFault(member);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function expressionFault(value: string): string | undefined {
  const source = expressionSource(value);
  if (source !== undefined) {
    const fault = expressionSyntaxError(source);
    return fault === undefined ? undefined : `the expression '${source}' is no JSONata: ${fault}`;
  }
  const isHalf = value.trim().startsWith('{%') || value.trim().endsWith('%}');
  return isHalf ? `'${value}' must both start with {% and end with %}` : undefined;
}
