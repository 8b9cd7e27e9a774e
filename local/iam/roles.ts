import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import {
  alreadyExists,
  checkName,
  checkPath,
  deleteConflict,
  encodePolicy,
  findRole,
  type IamStore,
  mergeTags,
  newId,
  type RoleRecord,
  type Tag,
} from './iam-store.ts';
import { parsePolicyDocument } from './policy-document.ts';

interface CreateRoleInput {
  readonly RoleName: string;
  readonly Path?: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly Tags?: readonly Tag[];
}

const CREATE_MEMBERS = ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Tags'];
const DEFAULT_SESSION_SECONDS = 3600;

/** Roles, their trust policies and tags. */
export function roleHandlers(store: IamStore): Handlers {
  const { roles } = store;
  return {
    CreateRole: (input: CreateRoleInput) => ({ Role: describeRole(createRole(store, input)) }),

    GetRole: ({ RoleName }) => ({ Role: describeRole(findRole(store, RoleName)) }),

    ListRoles(input) {
      refuseMembers(input, { operation: 'iam ListRoles', members: ['PathPrefix'], code: 'ValidationError' });
      const found = roles.values().filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      return { Roles: found.map(describeRole), IsTruncated: false };
    },

    DeleteRole({ RoleName }) {
      const role = findRole(store, RoleName);
      if (Object.keys(role.inlinePolicies).length > 0)
        throw deleteConflict('Cannot delete entity, must delete policies first.');
      if (role.attachedPolicyArns.length > 0)
        throw deleteConflict('Cannot delete entity, must detach all policies first.');
      if (store.profiles.values().some(({ roleName }) => roleName === RoleName))
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
      roles.delete(RoleName);
    },

    UpdateRole({ RoleName, Description, MaxSessionDuration }) {
      const role = findRole(store, RoleName);
      roles.set(RoleName, {
        ...role,
        ...(Description === undefined ? {} : { description: Description }),
        maxSessionSeconds: checkSession(MaxSessionDuration ?? role.maxSessionSeconds),
      });
      return {};
    },

    UpdateRoleDescription({ RoleName, Description }) {
      roles.set(RoleName, { ...findRole(store, RoleName), description: Description });
      return { Role: describeRole(findRole(store, RoleName)) };
    },

    UpdateAssumeRolePolicy({ RoleName, PolicyDocument }) {
      const role = findRole(store, RoleName);
      parsePolicyDocument(PolicyDocument, 'trust');
      roles.set(RoleName, { ...role, trustPolicy: PolicyDocument });
    },

    TagRole({ RoleName, Tags }) {
      const role = findRole(store, RoleName);
      roles.set(RoleName, { ...role, tags: mergeTags(role.tags, Tags) });
    },

    UntagRole({ RoleName, TagKeys }) {
      const role = findRole(store, RoleName);
      roles.set(RoleName, { ...role, tags: role.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
    },

    ListRoleTags: ({ RoleName }) => ({ Tags: findRole(store, RoleName).tags, IsTruncated: false }),
  };
}

/** Also makes service-linked roles, which have a path of their own. */
export function createRole(store: IamStore, input: CreateRoleInput): RoleRecord {
  refuseMembers(input, { operation: 'iam CreateRole', members: CREATE_MEMBERS, code: 'ValidationError' });
  const name = checkName(input.RoleName, 'RoleName');
  const path = checkPath(input.Path ?? '/');
  parsePolicyDocument(input.AssumeRolePolicyDocument, 'trust');
  // Names are unique whatever their case.
  if (store.roles.keys().some((key) => key.toLowerCase() === name.toLowerCase()))
    throw alreadyExists(`Role with name ${name} already exists.`);
  const role: RoleRecord = {
    name,
    path,
    id: newId('AROA'),
    arn: `arn:aws:iam::${store.cloud.accountId}:role${path}${name}`,
    createdAt: Date.now(),
    trustPolicy: input.AssumeRolePolicyDocument,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    maxSessionSeconds: checkSession(input.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS),
    tags: input.Tags ?? [],
    inlinePolicies: {},
    attachedPolicyArns: [],
  };
  store.roles.set(name, role);
  return role;
}

/** A role in the words of the API. */
export function describeRole(role: RoleRecord): object {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodePolicy(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    Tags: role.tags.length === 0 ? undefined : role.tags,
  };
}

function checkSession(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 3600 && seconds <= 43_200) return seconds;
  throw new AwsError('ValidationError', `MaxSessionDuration is ${seconds}; allowed are 3600 to 43200`);
}
