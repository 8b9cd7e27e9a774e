import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Caller, Cloud, LocalService } from '../core/service.ts';

interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
}

const DEFAULT_DURATION_SECONDS = 3600;

/** STS: tells callers who they are, and issues the access keys by which the endpoint knows a role's sessions again. */
export function createStsService(cloud: Cloud): LocalService {
  return {
    name: 'sts',
    handlers: {
      GetCallerIdentity: async (_input, { caller }) => ({
        Account: cloud.accountId,
        Arn: caller.principalArn,
        UserId: await userIdOf(caller, cloud),
      }),

      async AssumeRole(input: AssumeRoleInput) {
        // Tags, external ids and session policies matter to policies only, which are not enforced: they are refused.
        refuseMembers(input, {
          operation: 'sts AssumeRole',
          members: ['RoleArn', 'RoleSessionName', 'DurationSeconds'],
          code: 'ValidationError',
        });
        const role = await findRole(cloud, input.RoleArn);
        const session = checkSessionName(input.RoleSessionName);
        const durationSeconds = checkDuration(input.DurationSeconds ?? DEFAULT_DURATION_SECONDS);
        const arn = `arn:aws:sts::${cloud.accountId}:assumed-role/${role.name}/${session}`;
        return {
          Credentials: cloud.callers.issue(arn, durationSeconds),
          AssumedRoleUser: { Arn: arn, AssumedRoleId: `${role.id}:${session}` },
        };
      },
    },
  };
}

/** The root's id is its account; a session's is the id of its role and its name. */
async function userIdOf({ principalArn }: Caller, cloud: Cloud): Promise<string> {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(principalArn) ?? [];
  if (role === undefined) return cloud.accountId;
  const { id } = await findRole(cloud, `arn:aws:iam::${cloud.accountId}:role/${role}`);
  return `${id}:${session}`;
}

async function findRole(cloud: Cloud, arn: string): Promise<{ name: string; id: string }> {
  const name = /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  if (name === undefined)
    throw new AwsError('ValidationError', `${arn} is invalid: expected arn:aws:iam::${cloud.accountId}:role/<name>`);
  try {
    const { Role } = await cloud.call('iam', 'GetRole', { RoleName: name });
    return { name, id: Role.RoleId };
  } catch (error) {
    // AWS does not tell a role that is absent from one that may not be assumed.
    if (error instanceof AwsError && error.name === 'NoSuchEntity')
      throw new AwsError(
        'AccessDenied',
        `Not authorized to perform sts:AssumeRole on ${arn}: there is no such role`,
        403,
      );
    throw error;
  }
}

function checkSessionName(name: string): string {
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw new AwsError('ValidationError', `RoleSessionName "${name}" must have 2 to 64 characters of [\\w+=,.@-]`);
}

function checkDuration(durationSeconds: number): number {
  if (Number.isInteger(durationSeconds) && durationSeconds >= 900 && durationSeconds <= 43_200) return durationSeconds;
  throw new AwsError('ValidationError', `DurationSeconds is ${durationSeconds}; allowed are 900 to 43200`);
}
