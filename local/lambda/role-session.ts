import type { Caller, Cloud } from '../core/service.ts';

/** Credentials of a function's role. `expiresAt` is epoch milliseconds. */
export interface RoleSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: number;
  readonly caller: Caller;
}

/** Assumes the role as Lambda does; a role that does not trust Lambda refuses. */
export async function assumeFunctionRole(cloud: Cloud, roleArn: string, functionName: string): Promise<RoleSession> {
  const { Credentials, AssumedRoleUser } = await cloud.call(
    'sts',
    'AssumeRole',
    { RoleArn: roleArn, RoleSessionName: functionName },
    {
      accessKeyId: 'lambda',
      principalArn: 'lambda.amazonaws.com',
      sourceArn: `arn:aws:lambda:${cloud.region}:${cloud.accountId}:function:${functionName}`,
    },
  );
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
    expiresAt: new Date(Credentials.Expiration).getTime(),
    caller: { accessKeyId: Credentials.AccessKeyId, principalArn: AssumedRoleUser.Arn },
  };
}
