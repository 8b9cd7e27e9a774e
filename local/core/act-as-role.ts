import type { Caller, Cloud } from './service.ts';

/** A session that a service opens in a role that trusts it. */
export interface ServiceSession {
  /** For example states.amazonaws.com. */
  readonly service: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** The resource on whose behalf the service acts: trust policies name it against confused deputies. */
  readonly sourceArn?: string;
}

/**
 * The role's session as the one who calls. Only over the wire are keys needed: AssumeRole of STS issues them.
 * @throws AwsError AccessDenied when the role does not trust the service
 */
export async function actAsRole(cloud: Pick<Cloud, 'authorizer'>, session: ServiceSession): Promise<Caller> {
  const { service, roleArn, sessionName, sourceArn } = session;
  const asker = { accessKeyId: 'internal', principalArn: service, ...(sourceArn === undefined ? {} : { sourceArn }) };
  await cloud.authorizer.act(asker, [{ action: 'sts:AssumeRole', resource: roleArn }]);
  return { accessKeyId: 'internal', principalArn: sessionArn(roleArn, sessionName) };
}

/** arn:aws:iam::…:role/path/Name and a session's name → arn:aws:sts::…:assumed-role/Name/session. */
export function sessionArn(roleArn: string, sessionName: string): string {
  const account = roleArn.split(':')[4] ?? '';
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`;
}
