import { evaluate, type Scope } from './expression.ts';
import { StateFailure } from './failure.ts';

/** Longest time of the language. Source: Amazon States Language, TimeoutSeconds. */
export const longestSeconds = 99_999_999;

/** Evaluates a field that must give a positive whole number of seconds, if it is there. @throws StateFailure */
export async function evaluatePositiveSeconds(
  scope: Scope,
  field: string,
  template: number | string | undefined,
): Promise<number | undefined> {
  if (template === undefined) return undefined;
  const seconds = await evaluateWhole(scope, field, template);
  if (seconds > 0) return seconds;
  throw wrongValue(field, seconds, 'a whole number above 0');
}

/** Evaluates a field that must give a whole number from 0 on. @throws StateFailure */
export async function evaluateWhole(scope: Scope, field: string, template: number | string): Promise<number> {
  const value = await evaluate(template, scope, field);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= longestSeconds) return value;
  throw wrongValue(field, value, `a whole number from 0 to ${longestSeconds}`);
}

/** Evaluates a field that must give a text. @throws StateFailure */
export async function evaluateText(scope: Scope, field: string, template: string): Promise<string> {
  const value = await evaluate(template, scope, field);
  if (typeof value === 'string') return value;
  throw wrongValue(field, value, 'a string');
}

function wrongValue(field: string, value: unknown, allowed: string): StateFailure {
  const cause = `The field '${field}' gave ${JSON.stringify(value)}; ${allowed} is needed.`;
  return new StateFailure('States.QueryEvaluationError', cause, field);
}
