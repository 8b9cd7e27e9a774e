import type { Caller } from '../core/service.ts';
import { listOf } from './decide-access.ts';
import type { PolicyStatement } from './policy-document.ts';

/** Who asks: the root of the account (the operator and the cloud itself), a service of AWS, or a session of a role. */
export type Principal =
  | { readonly type: 'root' }
  | { readonly type: 'service'; readonly name: string }
  | { readonly type: 'role'; readonly roleName: string };

/** @throws Error for a principal that the local cloud never makes */
export function principalOf({ principalArn }: Caller): Principal {
  if (/^arn:aws:iam::\d{12}:root$/.test(principalArn)) return { type: 'root' };
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(principalArn)) return { type: 'service', name: principalArn };
  const roleName = /^arn:aws:sts::\d{12}:assumed-role\/([^/]+)\/[^/]+$/.exec(principalArn)?.[1];
  if (roleName !== undefined) return { type: 'role', roleName };
  throw new Error(`${principalArn} is no principal: expected a root, a service or a session of a role`);
}

/** Names by which a principal is called in policies of resources and in trust policies. */
export function principalNames(principal: Principal, caller: Caller, accountId: string): PrincipalNames {
  const root = `arn:aws:iam::${accountId}:root`;
  switch (principal.type) {
    case 'root':
      return { AWS: [accountId, root], Service: [] };
    case 'service':
      return { AWS: [], Service: [principal.name] };
    case 'role':
      return {
        AWS: [caller.principalArn, `arn:aws:iam::${accountId}:role/${principal.roleName}`, accountId, root],
        Service: [],
      };
  }
}

export interface PrincipalNames {
  readonly AWS: readonly string[];
  readonly Service: readonly string[];
}

/** Whether a statement of a resource's policy speaks of this principal. */
export function namesPrincipal({ Principal: wanted, NotPrincipal: others }: PolicyStatement, names: PrincipalNames) {
  if (wanted !== undefined) return isOneOf(wanted, names);
  return others !== undefined && !isOneOf(others, names);
}

function isOneOf(wanted: NonNullable<PolicyStatement['Principal']>, names: PrincipalNames): boolean {
  if (wanted === '*') return true;
  if (typeof wanted === 'string') return false;
  const aws = listOf(wanted['AWS']);
  return (
    aws.some((name) => name === '*' || names.AWS.includes(name)) ||
    listOf(wanted['Service']).some((name) => names.Service.includes(name))
  );
}
