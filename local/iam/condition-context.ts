import { AwsError } from '../core/aws-error.ts';
import type { Caller, Right } from '../core/service.ts';
import { namesAction, namesResource } from './decide-access.ts';
import { type ConditionContext, conditionKeys } from './policy-condition.ts';
import type { PolicyDocument } from './policy-document.ts';

/** What a request is made by and where. */
export interface RequestFacts {
  readonly caller: Caller;
  readonly principalArn: string;
  readonly accountId: string;
  readonly region: string;
}

/** Keys that a request of the local cloud may lack, as one on AWS may. Tags are told by their prefixes. */
const OPTIONAL_KEYS = [
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:tagkeys',
  'ec2:createaction',
  'ecs:cluster',
  'ecs:createaction',
  'iam:passedtoservice',
  's3:resourceaccount',
  'sts:externalid',
];
const TAG_KEYS = /^(aws:requesttag|aws:resourcetag|ec2:resourcetag)\//;

/** The condition keys of a request: those of all requests, then those of the act. */
export function contextOf(facts: RequestFacts, right: Right): ConditionContext {
  const { caller, principalArn, accountId, region } = facts;
  const source = caller.sourceArn;
  return {
    'aws:principalaccount': accountId,
    'aws:principalarn': principalArn,
    'aws:requestedregion': region,
    'aws:resourceaccount': accountId,
    // The loopback of this machine stands for TLS.
    'aws:securetransport': 'true',
    ...(source === undefined ? {} : { 'aws:sourcearn': source, 'aws:sourceaccount': accountId }),
    ...right.context,
  };
}

/**
 * Refuses conditions on keys that the local cloud gives to no request: an absent key would decide, and decide otherwise
 * than on AWS.
 * @throws AwsError NotImplemented
 */
export function refuseUnknownKeys(policies: readonly PolicyDocument[], right: Right, context: ConditionContext): void {
  for (const statement of policies.flatMap(({ Statement }) => Statement)) {
    if (statement.Condition === undefined) continue;
    if (!namesAction(statement, right.action) || !namesResource(statement, right.resource)) continue;
    for (const key of conditionKeys(statement.Condition)) {
      if (Object.hasOwn(context, key) || OPTIONAL_KEYS.includes(key) || TAG_KEYS.test(key)) continue;
      throw new AwsError(
        'NotImplemented',
        `The condition key ${key} of a policy on ${right.action} is not done in the local cloud; see local/iam/FEATURES.md`,
        501,
      );
    }
  }
}
