import type { Right } from '../../core/service.ts';

/** Whoever gives a role to a service must be allowed to. Source: IAM User Guide, granting permission to pass a role. */
export function passRole(roleArn: string, toService: string): Right {
  return { action: 'iam:PassRole', resource: roleArn, context: { 'iam:passedtoservice': toService } };
}
