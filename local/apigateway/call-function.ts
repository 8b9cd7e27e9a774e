import { AwsError } from '../core/aws-error.ts';
import type { Cloud } from '../core/service.ts';
import { allowsInvoke, type PolicyDocument } from '../lambda/permission.ts';

/** What became of a call to a function. */
export type FunctionAnswer =
  | { readonly type: 'returned'; readonly payload: string }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'timed-out' }
  | { readonly type: 'throttled' }
  | { readonly type: 'too-large' };

/** A call of the gateway to a function. */
export interface FunctionCall {
  readonly functionArn: string;
  /** The route or the authorizer on whose behalf the gateway calls: the function's policy must allow it. */
  readonly sourceArn: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

/** Invokes a function and waits no longer than the timeout; the function itself runs on, as on AWS. */
export async function callFunction(cloud: Cloud, call: FunctionCall): Promise<FunctionAnswer> {
  const { promise: expired, resolve } = Promise.withResolvers<FunctionAnswer>();
  const timer = setTimeout(() => resolve({ type: 'timed-out' }), call.timeoutMs);
  try {
    return await Promise.race([invoke(cloud, call), expired]);
  } finally {
    clearTimeout(timer);
  }
}

async function invoke(cloud: Cloud, { functionArn, sourceArn, event }: FunctionCall): Promise<FunctionAnswer> {
  try {
    const { Policy } = await cloud.call('lambda', 'GetPolicy', { FunctionName: functionArn });
    const policy: PolicyDocument = JSON.parse(Policy);
    if (!allowsInvoke(policy, { principal: 'apigateway.amazonaws.com', sourceArn })) {
      const gateway = { accessKeyId: 'internal', principalArn: 'apigateway.amazonaws.com', sourceArn };
      cloud.authorizer.note(gateway, { action: 'lambda:InvokeFunction', resource: functionArn });
      return denied(functionArn, sourceArn);
    }
    const Payload = Buffer.from(JSON.stringify(event));
    const answer = await cloud.call('lambda', 'Invoke', { FunctionName: functionArn, Payload });
    const payload = Buffer.from(answer.Payload).toString('utf8');
    if (answer.FunctionError === undefined) return { type: 'returned', payload };
    return { type: 'failed', reason: `The function ${functionArn} failed: ${payload.slice(0, 500)}` };
  } catch (error) {
    // A function without any policy has none to get.
    if (error instanceof AwsError && error.name === 'ResourceNotFoundException') return denied(functionArn, sourceArn);
    if (error instanceof AwsError && error.name === 'TooManyRequestsException') return { type: 'throttled' };
    if (error instanceof AwsError && error.name === 'RequestTooLargeException') return { type: 'too-large' };
    return { type: 'failed', reason: `The function ${functionArn} could not be invoked: ${String(error)}` };
  }
}

function denied(functionArn: string, sourceArn: string): FunctionAnswer {
  return {
    type: 'failed',
    reason: `The function ${functionArn} is not there, or its policy does not let apigateway.amazonaws.com invoke it for ${sourceArn}.`,
  };
}
