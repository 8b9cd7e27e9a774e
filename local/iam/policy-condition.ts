import { matchesArn, matchesText } from './policy-match.ts';

/** What is known of a request, by condition key in lower case; a list for keys with several values. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

/** A statement's Condition: keys and expected values by operator. All of them must hold. */
export type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Comparison {
  readonly matches: (expected: string, given: string) => boolean;
  /** Not…: holds when no expected value matches, also when the key is absent. */
  readonly isNegated: boolean;
}

const equals = (expected: string, given: string): boolean => expected === given;
const equalsIgnoreCase = (expected: string, given: string): boolean => expected.toLowerCase() === given.toLowerCase();

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: { matches: equals, isNegated: false },
  StringNotEquals: { matches: equals, isNegated: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoreCase, isNegated: false },
  StringNotEqualsIgnoreCase: { matches: equalsIgnoreCase, isNegated: true },
  StringLike: { matches: matchesText, isNegated: false },
  StringNotLike: { matches: matchesText, isNegated: true },
  ArnEquals: { matches: matchesArn, isNegated: false },
  ArnNotEquals: { matches: matchesArn, isNegated: true },
  ArnLike: { matches: matchesArn, isNegated: false },
  ArnNotLike: { matches: matchesArn, isNegated: true },
  Bool: { matches: equalsIgnoreCase, isNegated: false },
};

/** The operators that are done; each but Null also as …IfExists and behind ForAllValues: and ForAnyValue:. */
export const CONDITION_OPERATORS: readonly string[] = [...Object.keys(COMPARISONS), 'Null'];

interface Operator {
  readonly quantifier: 'one' | 'all' | 'any';
  readonly comparison: Comparison | 'null';
  readonly ifExists: boolean;
}

/** Undefined for an operator that is not done. */
export function parseOperator(text: string): Operator | undefined {
  const [, prefix, name = '', suffix] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const quantifier = prefix === undefined ? 'one' : prefix === 'ForAllValues:' ? 'all' : 'any';
  if (name === 'Null') {
    if (prefix !== undefined || suffix !== undefined) return undefined;
    return { quantifier, comparison: 'null', ifExists: false };
  }
  const comparison = Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
  return comparison === undefined ? undefined : { quantifier, comparison, ifExists: suffix !== undefined };
}

/**
 * Whether all of a Condition holds. Source: IAM User Guide, condition operators, and single- and multivalued keys.
 * The operators were checked when the policy was stored.
 */
export function conditionHolds(condition: Condition, context: ConditionContext): boolean {
  return Object.entries(condition).every(([text, keys]) => {
    const operator = parseOperator(text);
    if (operator === undefined) throw new Error(`the condition operator ${text} was stored unchecked`);
    return Object.entries(keys).every(([key, expected]) =>
      operatorHolds(operator, textsOf(expected), valuesOf(context, key)),
    );
  });
}

/** The keys that a Condition looks at, in lower case. */
export function conditionKeys(condition: Condition): string[] {
  return Object.values(condition).flatMap((keys) => Object.keys(keys).map((key) => key.toLowerCase()));
}

function operatorHolds(operator: Operator, expected: readonly string[], given: readonly string[] | undefined): boolean {
  const { comparison, quantifier, ifExists } = operator;
  const isAbsent = given === undefined || given.length === 0;
  if (comparison === 'null') return expected.some((value) => value.toLowerCase() === String(isAbsent));
  const holds = (value: string): boolean =>
    comparison.isNegated !== expected.some((one) => comparison.matches(one, value));
  if (isAbsent) return ifExists || quantifier === 'all' || (quantifier === 'one' && comparison.isNegated);
  switch (quantifier) {
    case 'all':
      return given.every(holds);
    case 'any':
      return given.some(holds);
    case 'one':
      return comparison.isNegated ? given.every(holds) : given.some(holds);
  }
}

function valuesOf(context: ConditionContext, key: string): readonly string[] | undefined {
  const name = key.toLowerCase();
  const value = Object.hasOwn(context, name) ? context[name] : undefined;
  return typeof value === 'string' ? [value] : value;
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
