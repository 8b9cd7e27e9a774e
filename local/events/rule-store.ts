import { join } from 'node:path';
import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { Clock } from './clock.ts';
import { type EventPattern, parseEventPattern } from './event-pattern.ts';

/** A rule on the default bus with its targets. Times are epoch milliseconds. */
export interface RuleRecord {
  readonly name: string;
  readonly arn: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly description?: string;
  readonly roleArn?: string;
  /** From when on a schedule counts: its putting or enabling, then each firing. */
  readonly countsFrom: number;
  readonly targets: readonly Target[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The rules by name; compiled patterns are kept beside them. */
export interface RuleStore {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly rules: DurableMap<RuleRecord>;
  readonly patternOf: (text: string) => EventPattern;
}

/** Opens the store over its folder. */
export function openRuleStore(cloud: Cloud, clock: Clock): RuleStore {
  const compiled = new Map<string, EventPattern>();
  const patternOf = (text: string): EventPattern => {
    const pattern = compiled.get(text) ?? parseEventPattern(text);
    compiled.set(text, pattern);
    return pattern;
  };
  return { cloud, clock, rules: new DurableMap(join(cloud.dataFolder, 'events', 'rules.jsonl')), patternOf };
}

/** @throws AwsError ResourceNotFoundException */
export function findRule(store: RuleStore, name: string): RuleRecord {
  const rule = store.rules.get(name);
  if (rule === undefined)
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
  return rule;
}

/** The name in a rule's ARN. */
export function ruleNameOf(arn: string): string {
  return arn.split(':rule/').at(-1) ?? arn;
}

/**
 * Only the default bus is there.
 *
 * @throws AwsError ResourceNotFoundException
 */
export function checkBus(name: string | undefined): void {
  if (name === undefined || name === 'default' || name.endsWith(':event-bus/default')) return;
  throw new AwsError(
    'ResourceNotFoundException',
    `Event bus ${name} does not exist: the local cloud has the bus default only.`,
  );
}
