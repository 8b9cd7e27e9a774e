import type { Right } from '../../core/service.ts';
import { arnIn, lastPart, type RightsCall } from './call.ts';

/**
 * Log groups and their streams. A group stands as `log-group:<name>:log-stream:`, as AWS's own refusals spell it: so the
 * ARN of a group with `:*` behind it covers the group and its streams.
 */
export function logsRights(call: RightsCall): readonly Right[] | undefined {
  const { operation, input } = call;
  const named: string | undefined =
    input.logGroupName ?? /:log-group:([^:]+)/.exec(input.logGroupIdentifier ?? input.resourceArn ?? '')?.[1];
  if (named === undefined) return undefined;
  const resource = arnIn(call, 'logs', `log-group:${named}:log-stream:${input.logStreamName ?? ''}`);
  return [{ action: `logs:${operation}`, resource }];
}

const QUEUE_ACTIONS: Readonly<Record<string, string>> = {
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  DeleteMessageBatch: 'DeleteMessage',
  SendMessageBatch: 'SendMessage',
};

/** On the queue; batches by the action of one message. */
export function sqsRights(call: RightsCall): readonly Right[] | undefined {
  const { operation, input } = call;
  const name: string | undefined = input.QueueName ?? (input.QueueUrl && lastPart(input.QueueUrl));
  if (name === undefined) return undefined;
  return [{ action: `sqs:${QUEUE_ACTIONS[operation] ?? operation}`, resource: arnIn(call, 'sqs', name) }];
}

/** On the secret's full ARN, whichever way it was named. */
export async function secretsmanagerRights(call: RightsCall): Promise<readonly Right[] | undefined> {
  const { cloud, operation, input } = call;
  if (input.SecretId === undefined) return undefined;
  const action = `secretsmanager:${operation}`;
  try {
    const { ARN } = await cloud.call('secretsmanager', 'DescribeSecret', { SecretId: input.SecretId });
    return [{ action, resource: ARN }];
  } catch {
    // There is no such secret, which only those may learn who may read it.
    const isArn = input.SecretId.startsWith('arn:');
    return [{ action, resource: isArn ? input.SecretId : arnIn(call, 'secretsmanager', `secret:${input.SecretId}`) }];
  }
}

/** On each parameter. */
export function ssmRights(call: RightsCall): readonly Right[] | undefined {
  const { operation, input } = call;
  const names: readonly string[] | undefined =
    input.Names ?? (input.Name === undefined && input.Path === undefined ? undefined : [input.Name ?? input.Path]);
  return names?.map((name) => ({
    action: `ssm:${operation}`,
    resource: name.startsWith('arn:') ? name : arnIn(call, 'ssm', `parameter/${name.replace(/^\//, '')}`),
  }));
}

/** On the role or the instance profile. */
export function iamRights({ cloud, operation, input }: RightsCall): readonly Right[] | undefined {
  const account = `arn:aws:iam::${cloud.accountId}`;
  const action = `iam:${operation}`;
  if (input.InstanceProfileName !== undefined)
    return [{ action, resource: `${account}:instance-profile${input.Path ?? '/'}${input.InstanceProfileName}` }];
  if (input.RoleName !== undefined)
    return [{ action, resource: `${account}:role${input.Path ?? '/'}${input.RoleName}` }];
  return input.PolicyArn === undefined ? undefined : [{ action, resource: input.PolicyArn }];
}

/** On the role that is assumed; who one is everyone may ask. */
export function stsRights({ operation, input }: RightsCall): readonly Right[] | undefined {
  if (operation === 'GetCallerIdentity') return [];
  return input.RoleArn === undefined ? undefined : [{ action: `sts:${operation}`, resource: input.RoleArn }];
}

/** On the rule; events that are put on the bus. */
export function eventsRights(call: RightsCall): readonly Right[] | undefined {
  const { operation, input } = call;
  const action = `events:${operation}`;
  if (operation === 'PutEvents') return [{ action, resource: arnIn(call, 'events', 'event-bus/default') }];
  const name: string | undefined = input.Rule ?? input.Name;
  return name === undefined ? undefined : [{ action, resource: arnIn(call, 'events', `rule/${name}`) }];
}
