import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  ListRuleNamesByTargetRequest,
  ListRulesRequest,
  ListRulesResponse,
  ListTagsForResourceRequest,
  PutRuleRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { checkBus, findRule, type RuleRecord, type RuleStore, ruleNameOf } from './rule-store.ts';
import { parseSchedule } from './schedule.ts';

/** The operations on rules; `onChange` is told when a schedule may have changed. */
export function createRuleHandlers(store: RuleStore, onChange: () => void): Handlers {
  return {
    PutRule: (input: PutRuleRequest) => {
      const answer = putRule(store, input);
      onChange();
      return answer;
    },
    DeleteRule: (input: DeleteRuleRequest) => deleteRule(store, input),
    DescribeRule: (input: DescribeRuleRequest) => {
      checkBus(input.EventBusName);
      return describeRule(findRule(store, input.Name ?? ''));
    },
    ListRules: (input: ListRulesRequest) => listRules(store, input),
    ListRuleNamesByTarget: (input: ListRuleNamesByTargetRequest) => {
      checkBus(input.EventBusName);
      const targeting = store.rules.values().filter((rule) => rule.targets.some(({ Arn }) => Arn === input.TargetArn));
      return { RuleNames: targeting.map((rule) => rule.name).sort() };
    },
    EnableRule: (input: DescribeRuleRequest) => {
      setState(store, input, 'ENABLED');
      onChange();
      return {};
    },
    DisableRule: (input: DescribeRuleRequest) => {
      setState(store, input, 'DISABLED');
      onChange();
      return {};
    },
    TagResource: (input: TagResourceRequest) => {
      const rule = findRule(store, ruleNameOf(input.ResourceARN ?? ''));
      store.rules.set(rule.name, { ...rule, tags: { ...rule.tags, ...toTags(input.Tags) } });
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const rule = findRule(store, ruleNameOf(input.ResourceARN ?? ''));
      const kept = Object.entries(rule.tags).filter(([key]) => !input.TagKeys?.includes(key));
      store.rules.set(rule.name, { ...rule, tags: Object.fromEntries(kept) });
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest) => ({
      Tags: Object.entries(findRule(store, ruleNameOf(input.ResourceARN ?? '')).tags).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    }),
  };
}

function putRule(store: RuleStore, input: PutRuleRequest): { RuleArn: string } {
  refuseMembers(input, {
    operation: 'events PutRule',
    members: ['Name', 'ScheduleExpression', 'EventPattern', 'State', 'Description', 'RoleArn', 'Tags', 'EventBusName'],
  });
  checkBus(input.EventBusName);
  checkRule(store, input);
  const name = input.Name ?? '';
  const old = store.rules.get(name);
  const state = input.State === 'DISABLED' ? 'DISABLED' : 'ENABLED';
  const isSameSchedule = old?.schedule === input.ScheduleExpression && old?.state === state;
  const arn = `arn:${store.cloud.partition}:events:${store.cloud.region}:${store.cloud.accountId}:rule/${name}`;
  store.rules.set(name, {
    name,
    arn,
    ...(input.EventPattern === undefined ? {} : { pattern: input.EventPattern }),
    ...(input.ScheduleExpression === undefined ? {} : { schedule: input.ScheduleExpression }),
    state,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    countsFrom: old !== undefined && isSameSchedule ? old.countsFrom : store.clock.now(),
    targets: old?.targets ?? [],
    tags: old?.tags ?? toTags(input.Tags),
  });
  return { RuleArn: arn };
}

function checkRule(store: RuleStore, input: PutRuleRequest): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(input.Name ?? '')) {
    throw new AwsError(
      'ValidationException',
      `Name ${input.Name} is not valid: 1 to 64 of the characters A-Z a-z 0-9 . - _`,
    );
  }
  if (input.State !== undefined && input.State !== 'ENABLED' && input.State !== 'DISABLED') {
    throw new AwsError('UnsupportedOperation', `State ${input.State}: the local cloud takes ENABLED and DISABLED.`);
  }
  if (input.EventPattern === undefined && input.ScheduleExpression === undefined) {
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (input.EventPattern !== undefined) store.patternOf(input.EventPattern);
  if (input.ScheduleExpression !== undefined) parseSchedule(input.ScheduleExpression);
}

function deleteRule(store: RuleStore, input: DeleteRuleRequest): object {
  checkBus(input.EventBusName);
  const rule = store.rules.get(input.Name ?? '');
  // Deleting a rule that is not there succeeds on AWS.
  if (rule === undefined) return {};
  if (rule.targets.length > 0) {
    throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
  }
  store.rules.delete(rule.name);
  return {};
}

function setState(store: RuleStore, input: DescribeRuleRequest, state: RuleRecord['state']): void {
  checkBus(input.EventBusName);
  const rule = findRule(store, input.Name ?? '');
  if (rule.state !== state) store.rules.set(rule.name, { ...rule, state, countsFrom: store.clock.now() });
}

function listRules(store: RuleStore, input: ListRulesRequest): ListRulesResponse {
  checkBus(input.EventBusName);
  const found = store.rules
    .values()
    .filter(({ name }) => name.startsWith(input.NamePrefix ?? '') && name > (input.NextToken ?? ''))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = found.slice(0, input.Limit ?? 100);
  const last = page.at(-1);
  return {
    Rules: page.map(describeRule),
    ...(found.length > page.length && last !== undefined ? { NextToken: last.name } : {}),
  };
}

function describeRule(rule: RuleRecord): DescribeRuleResponse {
  return {
    Name: rule.name,
    Arn: rule.arn,
    ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern }),
    ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
    State: rule.state,
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    ...(rule.roleArn === undefined ? {} : { RoleArn: rule.roleArn }),
    EventBusName: 'default',
  };
}

function toTags(tags: PutRuleRequest['Tags']): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
