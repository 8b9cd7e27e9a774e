import { resolve } from './intrinsics.ts';
import { isJsonList, isJsonObject, isSameJson, type Json, soleMember } from './json.ts';
import type { Scope } from './scope.ts';
import { validationError } from './validation-error.ts';

/**
 * Evaluates all conditions of a template. They see parameters and mappings, never resources.
 *
 * @throws AwsError ValidationError on an unknown or circular condition
 */
export function evaluateConditions(
  conditions: Readonly<Record<string, Json>>,
  scope: Omit<Scope, 'conditions' | 'resource'>,
): Readonly<Record<string, boolean>> {
  const results: Record<string, boolean> = {};
  const underWay = new Set<string>();
  const bare: Scope = { ...scope, conditions: results, resource: () => undefined };
  const evaluate = (name: string): boolean => {
    const known = results[name];
    if (known !== undefined) return known;
    const body = conditions[name];
    if (body === undefined) throw validationError(`Template format error: Unresolved condition dependency ${name}.`);
    if (underWay.has(name)) throw validationError(`Template format error: Circular condition dependency ${name}.`);
    underWay.add(name);
    results[name] = evaluateTest(body, bare, evaluate);
    return results[name];
  };
  for (const name of Object.keys(conditions)) evaluate(name);
  return results;
}

/**
 * Evaluates one boolean function, as conditions and rules hold them.
 *
 * @throws AwsError ValidationError on a function that is not known
 */
export function evaluateTest(test: Json, scope: Scope, condition: (name: string) => boolean): boolean {
  if (typeof test === 'boolean') return test;
  const [name, argument] = (isJsonObject(test) ? soleMember(test) : undefined) ?? ['', null];
  const inner = (item: Json) => evaluateTest(item, scope, condition);
  const values = () => listOf(name, argument).map((item) => resolveWith(item, scope, condition));
  switch (name) {
    case 'Condition':
      return condition(String(argument));
    case 'Fn::And':
      return listOf(name, argument).every(inner);
    case 'Fn::Or':
      return listOf(name, argument).some(inner);
    case 'Fn::Not':
      return !listOf(name, argument).some(inner);
    case 'Fn::Equals': {
      const [left, right] = values();
      return isSameText(left, right);
    }
    case 'Fn::Contains': {
      const [list, value] = values();
      return listOf(name, list).some((item) => isSameText(item, value));
    }
    case 'Fn::EachMemberEquals': {
      const [list, value] = values();
      return listOf(name, list).every((item) => isSameText(item, value));
    }
    case 'Fn::EachMemberIn': {
      const [list, allowed] = values();
      return listOf(name, list).every((item) => listOf(name, allowed).some((other) => isSameText(item, other)));
    }
    default:
      throw validationError(`Condition function ${JSON.stringify(test)} is not in the local cloud.`);
  }
}

/** A condition may hold Fn::If over conditions that were not needed before, so those are evaluated on the way. */
function resolveWith(value: Json, scope: Scope, condition: (name: string) => boolean): Json | undefined {
  const lazy = new Proxy(scope.conditions, { get: (_, name) => condition(String(name)), has: () => true });
  return resolve(value, { ...scope, conditions: lazy });
}

function listOf(name: string, value: Json | undefined): readonly Json[] {
  if (isJsonList(value)) return value;
  throw validationError(`Template error: ${name} wants a list, not ${JSON.stringify(value)}.`);
}

/** Parameters are text, so numbers and booleans of the template are compared as text. */
function isSameText(left: Json | undefined, right: Json | undefined): boolean {
  if (typeof left === 'object' || typeof right === 'object') return isSameJson(left, right);
  return String(left) === String(right);
}
