import { AwsError } from '../core/aws-error.ts';
import type { Cloud, Right } from '../core/service.ts';
import { type PolicyDocument, parsePolicyDocument } from './policy-document.ts';

/**
 * The policy of the resource that a service of AWS wants to act on. Queues have one; the policies of functions are asked
 * by the services that invoke them; a role's is its trust policy.
 */
export async function resourcePolicyOf(cloud: Pick<Cloud, 'call'>, right: Right): Promise<PolicyDocument | undefined> {
  if (!right.action.startsWith('sqs:')) return undefined;
  const QueueName = right.resource.slice(right.resource.lastIndexOf(':') + 1);
  const text = await queuePolicy(cloud, QueueName);
  return text === undefined ? undefined : parsePolicyDocument(text, 'resource');
}

async function queuePolicy(cloud: Pick<Cloud, 'call'>, QueueName: string): Promise<string | undefined> {
  try {
    const { QueueUrl } = await cloud.call('sqs', 'GetQueueUrl', { QueueName });
    const { Attributes } = await cloud.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['Policy'] });
    return Attributes?.Policy;
  } catch (error) {
    // A queue that is not there has no policy; the call itself would say so to whoever may make it.
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
