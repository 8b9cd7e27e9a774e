import { type ConditionContext, conditionHolds } from './policy-condition.ts';
import type { PolicyDocument, PolicyStatement } from './policy-document.ts';
import { matchesAction, matchesResource } from './policy-match.ts';

/** One action on one resource, as IAM asks for it. */
export interface AccessQuestion {
  /** For example dynamodb:PutItem. */
  readonly action: string;
  /** ARN, or * where the action has no resource level. */
  readonly resource: string;
  readonly context: ConditionContext;
}

/** implicit: no statement allows it; explicit: a statement denies it. */
export type AccessDecision = 'allowed' | 'denied implicitly' | 'denied explicitly';

/** Denied by any statement that says so; else allowed by any that does; else denied. Source: IAM policy evaluation logic. */
export function decideAccess(policies: readonly PolicyDocument[], question: AccessQuestion): AccessDecision {
  const covering = policies.flatMap(({ Statement }) => Statement).filter((statement) => covers(statement, question));
  if (covering.some(({ Effect }) => Effect === 'Deny')) return 'denied explicitly';
  return covering.length > 0 ? 'allowed' : 'denied implicitly';
}

/** Whether a statement speaks of the action on the resource, and its conditions hold. */
function covers(statement: PolicyStatement, { action, resource, context }: AccessQuestion): boolean {
  return (
    namesAction(statement, action) &&
    namesResource(statement, resource) &&
    (statement.Condition === undefined || conditionHolds(statement.Condition, context))
  );
}

/** Whether a statement's Action or NotAction takes the action in. */
export function namesAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  if (Action !== undefined) return listOf(Action).some((pattern) => matchesAction(pattern, action));
  return !listOf(NotAction).some((pattern) => matchesAction(pattern, action));
}

/** Trust policies name no resource: they stand at the one that they are for. */
export function namesResource({ Resource, NotResource }: PolicyStatement, resource: string): boolean {
  if (Resource !== undefined) return listOf(Resource).some((pattern) => matchesResource(pattern, resource));
  if (NotResource !== undefined) return !listOf(NotResource).some((pattern) => matchesResource(pattern, resource));
  return true;
}

/** A member that is one text or a list of them. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
