import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../core/aws-error.ts';
import type { EventEnvelope } from './event-envelope.ts';

/** The rule that an input transformer may speak of. */
export interface RuleName {
  readonly name: string;
  readonly arn: string;
}

/** The text that a target gets: its constant Input, the part at InputPath, the transformed event, or the whole event. */
export function renderTargetInput(target: Target, event: EventEnvelope, rule: RuleName): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(readJsonPath(event, target.InputPath) ?? null);
  const transformer = target.InputTransformer;
  if (transformer === undefined) return JSON.stringify(event);
  const variables = new Map<string, unknown>(
    Object.entries(transformer.InputPathsMap ?? {}).map(([name, path]) => [name, readJsonPath(event, path)]),
  );
  const { detail: _, ...withoutDetail } = event;
  variables.set('aws.events.rule-arn', rule.arn);
  variables.set('aws.events.rule-name', rule.name);
  variables.set('aws.events.event.ingestion-time', event.time);
  variables.set('aws.events.event', withoutDetail);
  variables.set('aws.events.event.json', event);
  return fillTemplate(transformer.InputTemplate ?? '', variables);
}

/**
 * Checks the paths of a target's input when it is put.
 *
 * @throws AwsError ValidationException
 */
export function checkTargetInput(target: Target): void {
  const ways = [target.Input, target.InputPath, target.InputTransformer].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw new AwsError(
      'ValidationException',
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`,
    );
  }
  if (target.Input !== undefined && !isJson(target.Input)) {
    throw new AwsError('ValidationException', `JSON syntax error in input for target ${target.Id}: ${target.Input}`);
  }
  for (const path of [target.InputPath ?? '$', ...Object.values(target.InputTransformer?.InputPathsMap ?? {})])
    parsePath(path);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The parser's refusal is the answer.
    return false;
  }
}

/** Inside a JSON string a value stands as escaped text without quotes of its own, elsewhere as JSON. */
function fillTemplate(template: string, variables: ReadonlyMap<string, unknown>): string {
  let isInString = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (token, name: string | undefined) => {
    if (token === '"') isInString = !isInString;
    if (name === undefined || !variables.has(name)) return token;
    const value = variables.get(name);
    if (!isInString) return JSON.stringify(value ?? null);
    if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
    return value === undefined ? '' : JSON.stringify(JSON.stringify(value)).slice(1, -1);
  });
}

function readJsonPath(event: EventEnvelope, path: string): unknown {
  return parsePath(path).reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Record<string | number, unknown>)[key];
  }, event);
}

/** The keys of `$.a.b-c[0]['d']`; wildcards, filters and deep scans are refused, as in AWS's rule paths. */
function parsePath(path: string): (string | number)[] {
  if (!/^\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\])*$/.test(path)) {
    throw new AwsError('ValidationException', `Invalid JSONPath ${path}: it takes $, .name, ['name'] and [index].`);
  }
  const steps = path.slice(1).matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]/g);
  return [...steps].map(([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)));
}
