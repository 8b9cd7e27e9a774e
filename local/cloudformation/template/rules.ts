import { evaluateTest } from './conditions.ts';
import type { Scope } from './scope.ts';
import type { RuleDeclaration } from './template.ts';
import { validationError } from './validation-error.ts';

/**
 * Checks the assertions of a template's rules, for example the CDK's check of the bootstrap version.
 *
 * @throws AwsError ValidationError with the description of what does not hold
 */
export function checkRules(rules: Readonly<Record<string, RuleDeclaration>>, scope: Scope): void {
  const condition = (name: string) => scope.conditions[name] ?? false;
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.condition !== undefined && !evaluateTest(rule.condition, scope, condition)) continue;
    const broken = rule.assertions.find((assertion) => !evaluateTest(assertion.assert, scope, condition));
    if (broken !== undefined)
      throw validationError(`Template validation error: assertion failed: ${broken.description ?? name}`);
  }
}
