import { createHash } from 'node:crypto';
import type { Target } from '@aws-sdk/client-eventbridge';
import { actAsRole } from '../core/act-as-role.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Caller, Cloud } from '../core/service.ts';
import { allowsInvoke, type PolicyDocument } from '../lambda/permission.ts';
import type { EventEnvelope } from './event-envelope.ts';
import type { RuleRecord } from './rule-store.ts';
import { renderTargetInput } from './target-input.ts';
import { targetKindOf } from './targets.ts';

/** One event on its way to one target of one rule. */
export interface Parcel {
  readonly event: EventEnvelope;
  readonly rule: RuleRecord;
  readonly target: Target;
}

/**
 * Hands the event over to its target once: a function is invoked asynchronously, a state machine started, a message sent.
 *
 * @throws what the target's service refuses with
 */
export async function deliver(cloud: Cloud, parcel: Parcel): Promise<void> {
  const arn = parcel.target.Arn ?? '';
  const kind = targetKindOf(arn);
  switch (kind) {
    case 'lambda':
      return invokeFunction(cloud, parcel, arn);
    case 'states':
      return startExecution(cloud, parcel, arn);
    case 'sqs':
      return sendMessage(cloud, arn, {
        rule: parcel.rule,
        message: { MessageBody: inputOf(parcel), ...groupOf(parcel.target) },
      });
    case undefined:
      throw new AwsError('UnsupportedOperation', `${arn} is no target of the local cloud.`);
  }
}

/** Sends a message to the queue of an ARN, whose policy must let EventBridge do so for the rule. */
export async function sendMessage(
  cloud: Cloud,
  queueArn: string,
  { rule, message }: { readonly rule: RuleRecord; readonly message: object },
): Promise<void> {
  const QueueName = queueArn.split(':').at(-1);
  const { QueueUrl } = await cloud.call('sqs', 'GetQueueUrl', { QueueName });
  await cloud.call('sqs', 'SendMessage', { QueueUrl, ...message }, eventBridge(rule));
}

function eventBridge({ arn }: RuleRecord): Caller {
  return { accessKeyId: 'internal', principalArn: 'events.amazonaws.com', sourceArn: arn };
}

async function invokeFunction(cloud: Cloud, parcel: Parcel, arn: string): Promise<void> {
  const { Policy } = await cloud.call('lambda', 'GetPolicy', { FunctionName: arn });
  const document: PolicyDocument = JSON.parse(Policy);
  if (!allowsInvoke(document, { principal: 'events.amazonaws.com', sourceArn: parcel.rule.arn })) {
    cloud.authorizer.note(eventBridge(parcel.rule), { action: 'lambda:InvokeFunction', resource: arn });
    throw new AwsError(
      'AccessDeniedException',
      `The policy of ${arn} does not let events.amazonaws.com invoke it for ${parcel.rule.arn}.`,
      403,
    );
  }
  await cloud.call('lambda', 'Invoke', {
    FunctionName: arn,
    InvocationType: 'Event',
    Payload: Buffer.from(asJson(inputOf(parcel))),
  });
}

async function startExecution(cloud: Cloud, parcel: Parcel, arn: string): Promise<void> {
  const roleArn = parcel.target.RoleArn ?? '';
  const session = { service: 'events.amazonaws.com', sessionName: 'Events', sourceArn: parcel.rule.arn };
  const caller = await actAsRole(cloud, { ...session, roleArn });
  try {
    await cloud.call(
      'sfn',
      'StartExecution',
      { stateMachineArn: arn, name: executionName(parcel), input: asJson(inputOf(parcel)) },
      caller,
    );
  } catch (error) {
    // The name is that of this event and target: an execution of that name is an earlier try that got through.
    if (error instanceof Error && error.name === 'ExecutionAlreadyExists') return;
    throw error;
  }
}

/** The same for each try, so that a second one cannot start a second execution. */
function executionName({ event, rule, target }: Parcel): string {
  return `${event.id}_${createHash('sha256').update(`${rule.name}/${target.Id}`).digest('hex').slice(0, 32)}`;
}

function inputOf({ event, rule, target }: Parcel): string {
  return renderTargetInput(target, event, rule);
}

function groupOf(target: Target): object {
  const group = target.SqsParameters?.MessageGroupId;
  return group === undefined ? {} : { MessageGroupId: group };
}

/** Functions and state machines take JSON; a template may give plain text, which goes as a JSON string. */
function asJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    // Not JSON is the finding, not a failure.
    return JSON.stringify(text);
  }
}
