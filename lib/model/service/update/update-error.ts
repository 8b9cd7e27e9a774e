import type { Refusal } from '../../refusal.ts';
import type { UpdateError } from '../../state.ts';
import type { RefusedChange } from './change-rule.ts';
import { environmentName } from './environment-name.ts';

/** Errors are kept in one item of the table, which has a limit; nobody reads more of them. */
const mostErrors = 50;
const longestField = 100;
const longestValue = 200;
const longestMessage = 500;

/** A change that is refused, as the guides say it. Source: ConfigStateValidator of 1.x, ConfigValidationError of 2.x. */
export function changeError({ pointer, from, to, doing, inSteps }: RefusedChange): UpdateError {
  const transition = { from: inSteps.from ?? String(from), to: inSteps.to ?? String(to) };
  return {
    inBlocks: `Validation error on field "${environmentName(pointer)}": ${doing} this value (from ${from} to ${to}) is not supported.`,
    inSteps: `Field: '${inSteps.field}'; Transition: '${transition.from}' => '${transition.to}'; Message: '${inSteps.message}'; Fatal: false`,
  };
}

/** A value that no service could have, as the guides say it. Its size is bounded. */
export function valueError(refusal: Refusal): UpdateError {
  const field = environmentName(refusal.pointer.slice(0, longestField));
  const message = shortened(refusal.message, longestMessage);
  const words = { field: optionOf(refusal.pointer), message, ...wordsOf2x(refusal) };
  const value = textOf(refusal.value);
  return {
    inBlocks: `Validation error on field "${field}": ${message}`,
    inSteps: `Field: '${words.field}'; Value: '${value}'; Message: '${words.message}'; Fatal: false`,
  };
}

/** What is kept of a refused update: all its errors, but for an update of nothing else than errors. */
export function keptErrors(errors: readonly UpdateError[]): readonly UpdateError[] {
  if (errors.length <= mostErrors) return errors;
  const more = `${errors.length - mostErrors} more errors are not shown`;
  return [...errors.slice(0, mostErrors), { inBlocks: more, inSteps: more }];
}

/** The sentences that 2.x has for values. Source: dcos-commons, the validators that are named. */
function wordsOf2x({ pointer, value }: Refusal): { readonly field?: string; readonly message?: string } {
  // ServiceNameCannotContainDoubleUnderscores
  if (pointer === '/service/name' && typeof value === 'string' && value.includes('__'))
    return { field: 'ServiceName', message: `Service name may not contain double underscores: ${textOf(value)}` };
  // PlacementRuleIsValid
  if (pointer === '/service/placement_constraint')
    return { field: 'PlacementRule', message: "The PlacementRule for PodSpec 'kafka' had invalid constraints" };
  return {};
}

function optionOf(pointer: string): string {
  const option = pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  return option === '' ? 'options' : shortened(option, longestField);
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return shortened(text, longestValue);
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
