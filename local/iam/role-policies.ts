import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import { checkName, encodePolicy, findRole, type IamStore, noSuchEntity } from './iam-store.ts';
import { checkPolicyArn } from './managed-policies.ts';
import { parsePolicyDocument } from './policy-document.ts';

const MAX_INLINE_CHARACTERS = 10_240;

/** The policies of roles: those written into a role, and those attached to it. */
export function rolePolicyHandlers(store: IamStore): Handlers {
  const { roles } = store;
  return {
    PutRolePolicy({ RoleName, PolicyName, PolicyDocument }) {
      const role = findRole(store, RoleName);
      checkName(PolicyName, 'PolicyName', 128);
      parsePolicyDocument(PolicyDocument, 'identity');
      const inlinePolicies = { ...role.inlinePolicies, [PolicyName]: PolicyDocument };
      checkSize(RoleName, Object.values(inlinePolicies));
      roles.set(RoleName, { ...role, inlinePolicies });
    },

    GetRolePolicy({ RoleName, PolicyName }) {
      const document = findRole(store, RoleName).inlinePolicies[PolicyName];
      if (document === undefined) throw noInlinePolicy(RoleName, PolicyName);
      return { RoleName, PolicyName, PolicyDocument: encodePolicy(document) };
    },

    DeleteRolePolicy({ RoleName, PolicyName }) {
      const role = findRole(store, RoleName);
      if (role.inlinePolicies[PolicyName] === undefined) throw noInlinePolicy(RoleName, PolicyName);
      const { [PolicyName]: _deleted, ...inlinePolicies } = role.inlinePolicies;
      roles.set(RoleName, { ...role, inlinePolicies });
    },

    ListRolePolicies: ({ RoleName }) => ({
      PolicyNames: Object.keys(findRole(store, RoleName).inlinePolicies),
      IsTruncated: false,
    }),

    AttachRolePolicy({ RoleName, PolicyArn }) {
      const role = findRole(store, RoleName);
      checkPolicyArn(store, PolicyArn);
      if (!role.attachedPolicyArns.includes(PolicyArn))
        roles.set(RoleName, { ...role, attachedPolicyArns: [...role.attachedPolicyArns, PolicyArn] });
    },

    DetachRolePolicy({ RoleName, PolicyArn }) {
      const role = findRole(store, RoleName);
      if (!role.attachedPolicyArns.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
      roles.set(RoleName, {
        ...role,
        attachedPolicyArns: role.attachedPolicyArns.filter((arn) => arn !== PolicyArn),
      });
    },

    ListAttachedRolePolicies: ({ RoleName }) => ({
      AttachedPolicies: findRole(store, RoleName).attachedPolicyArns.map((arn) => ({
        PolicyArn: arn,
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
      })),
      IsTruncated: false,
    }),
  };
}

/** White space does not count. */
function checkSize(roleName: string, documents: readonly string[]): void {
  const characters = documents.join('').replaceAll(/\s/g, '').length;
  if (characters > MAX_INLINE_CHARACTERS)
    throw new AwsError(
      'LimitExceeded',
      `Maximum policy size of ${MAX_INLINE_CHARACTERS} bytes exceeded for role ${roleName}: ${characters}`,
      409,
    );
}

function noInlinePolicy(roleName: string, policyName: string): AwsError {
  return noSuchEntity(`The role policy with name ${policyName} cannot be found for role ${roleName}.`);
}
