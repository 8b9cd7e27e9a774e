import type {
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { checkBus, findRule, type RuleStore } from './rule-store.ts';
import { checkTargetInput } from './target-input.ts';

const MAX_TARGETS = 5;

/** The kinds of targets that events are delivered to. */
export type TargetKind = 'lambda' | 'states' | 'sqs';

/** The operations on the targets of a rule. */
export function createTargetHandlers(store: RuleStore): Handlers {
  return {
    PutTargets: (input: PutTargetsRequest) => putTargets(store, input),
    RemoveTargets: (input: RemoveTargetsRequest) => removeTargets(store, input),
    ListTargetsByRule: (input: ListTargetsByRuleRequest) => listTargets(store, input),
  };
}

/** The kind of a target's ARN, undefined for a kind that this cloud does not deliver to. */
export function targetKindOf(arn: string): TargetKind | undefined {
  if (/^arn:aws:lambda:[^:]+:\d+:function:[\w-]+(:\$LATEST)?$/.test(arn)) return 'lambda';
  if (/^arn:aws:states:[^:]+:\d+:stateMachine:.+$/.test(arn)) return 'states';
  if (/^arn:aws:sqs:[^:]+:\d+:.+$/.test(arn)) return 'sqs';
  return undefined;
}

function putTargets(store: RuleStore, input: PutTargetsRequest): PutTargetsResponse {
  checkBus(input.EventBusName);
  const rule = findRule(store, input.Rule ?? '');
  const added = input.Targets ?? [];
  for (const target of added) checkTarget(target);
  const kept = rule.targets.filter(({ Id }) => !added.some((target) => target.Id === Id));
  const targets = [...kept, ...added];
  if (targets.length > MAX_TARGETS) {
    throw new AwsError(
      'LimitExceededException',
      `The requested resource exceeds the maximum number allowed: ${MAX_TARGETS} targets.`,
    );
  }
  store.rules.set(rule.name, { ...rule, targets });
  return { FailedEntryCount: 0, FailedEntries: [] };
}

function checkTarget(target: Target): void {
  refuseMembers(target, {
    operation: 'events PutTargets',
    members: [
      'Id',
      'Arn',
      'RoleArn',
      'Input',
      'InputPath',
      'InputTransformer',
      'SqsParameters',
      'DeadLetterConfig',
      'RetryPolicy',
    ],
  });
  const kind = targetKindOf(target.Arn ?? '');
  if (kind === undefined) {
    throw new AwsError(
      'UnsupportedOperation',
      `Target ${target.Id}: ${target.Arn} is not a Lambda function, a state machine or an SQS queue, which are the targets of the local cloud.`,
    );
  }
  if (kind === 'states' && target.RoleArn === undefined) {
    throw new AwsError('ValidationException', `RoleArn is required for target ${target.Arn}.`);
  }
  checkTargetInput(target);
}

function removeTargets(store: RuleStore, input: RemoveTargetsRequest): RemoveTargetsResponse {
  checkBus(input.EventBusName);
  const rule = findRule(store, input.Rule ?? '');
  const ids = input.Ids ?? [];
  const unknown = ids.filter((id) => !rule.targets.some((target) => target.Id === id));
  store.rules.set(rule.name, { ...rule, targets: rule.targets.filter(({ Id }) => !ids.includes(Id ?? '')) });
  return {
    FailedEntryCount: unknown.length,
    FailedEntries: unknown.map((id) => ({
      TargetId: id,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${rule.name} does not have target(s) ${id}.`,
    })),
  };
}

function listTargets(store: RuleStore, input: ListTargetsByRuleRequest): ListTargetsByRuleResponse {
  checkBus(input.EventBusName);
  return { Targets: [...findRule(store, input.Rule ?? '').targets] };
}
