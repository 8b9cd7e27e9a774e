import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Handlers } from '../core/service.ts';
import { AWS_MANAGED_POLICIES } from './aws-managed-policies.ts';
import {
  alreadyExists,
  checkName,
  checkPath,
  deleteConflict,
  encodePolicy,
  type IamStore,
  mergeTags,
  newId,
  noSuchEntity,
  type PolicyRecord,
  type Tag,
} from './iam-store.ts';
import { parsePolicyDocument } from './policy-document.ts';

interface CreatePolicyInput {
  readonly PolicyName: string;
  readonly Path?: string;
  readonly PolicyDocument: string;
  readonly Description?: string;
  readonly Tags?: readonly Tag[];
}

const MAX_VERSIONS = 5;
const MAX_CHARACTERS = 6144;
/** AWS's own policies have changed often; here each has the one version that its document shows. */
const AWS_CREATED = new Date('2015-02-06T18:40:00Z');

/** Managed policies: the account's with their versions, and AWS's to read. */
export function managedPolicyHandlers(store: IamStore): Handlers {
  const { policies } = store;
  return {
    CreatePolicy: (input: CreatePolicyInput) => ({ Policy: describePolicy(store, createPolicy(store, input)) }),

    GetPolicy({ PolicyArn }) {
      if (Object.hasOwn(AWS_MANAGED_POLICIES, PolicyArn)) return { Policy: describeAwsPolicy(store, PolicyArn) };
      return { Policy: describePolicy(store, findPolicy(store, PolicyArn)) };
    },

    ListPolicies(input) {
      refuseMembers(input, { operation: 'iam ListPolicies', members: ['Scope'], code: 'ValidationError' });
      const own = input.Scope === 'AWS' ? [] : policies.values().map((policy) => describePolicy(store, policy));
      const aws = input.Scope === 'Local' ? [] : Object.keys(AWS_MANAGED_POLICIES);
      return { Policies: [...own, ...aws.map((arn) => describeAwsPolicy(store, arn))], IsTruncated: false };
    },

    DeletePolicy({ PolicyArn }) {
      const policy = findPolicy(store, PolicyArn);
      if (rolesWith(store, PolicyArn).length > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
      if (policy.versions.length > 1)
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
        );
      policies.delete(PolicyArn);
    },

    ListEntitiesForPolicy({ PolicyArn }) {
      if (!Object.hasOwn(AWS_MANAGED_POLICIES, PolicyArn)) findPolicy(store, PolicyArn);
      const roles = rolesWith(store, PolicyArn).map(({ name, id }) => ({ RoleName: name, RoleId: id }));
      return { PolicyGroups: [], PolicyUsers: [], PolicyRoles: roles, IsTruncated: false };
    },

    TagPolicy({ PolicyArn, Tags }) {
      const policy = findPolicy(store, PolicyArn);
      policies.set(PolicyArn, { ...policy, tags: mergeTags(policy.tags, Tags) });
    },

    UntagPolicy({ PolicyArn, TagKeys }) {
      const policy = findPolicy(store, PolicyArn);
      policies.set(PolicyArn, { ...policy, tags: policy.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
    },

    ListPolicyTags: ({ PolicyArn }) => ({ Tags: findPolicy(store, PolicyArn).tags, IsTruncated: false }),

    ...versionHandlers(store),
  };
}

function versionHandlers(store: IamStore): Handlers {
  const { policies } = store;
  return {
    CreatePolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault }) {
      const policy = findPolicy(store, PolicyArn);
      if (policy.versions.length >= MAX_VERSIONS)
        throw new AwsError(
          'LimitExceeded',
          `A managed policy can have up to ${MAX_VERSIONS} versions; delete one first.`,
          409,
        );
      checkDocument(PolicyDocument);
      const createdAt = Date.now();
      const id = `v${policy.lastVersion + 1}`;
      const changed: PolicyRecord = {
        ...policy,
        updatedAt: createdAt,
        lastVersion: policy.lastVersion + 1,
        versions: [...policy.versions, { id, document: PolicyDocument, createdAt }],
        defaultVersionId: SetAsDefault === true ? id : policy.defaultVersionId,
      };
      policies.set(PolicyArn, changed);
      const { Document: _document, ...version } = describeVersion(changed, id);
      return { PolicyVersion: version };
    },

    GetPolicyVersion({ PolicyArn, VersionId }) {
      const aws = Object.hasOwn(AWS_MANAGED_POLICIES, PolicyArn) ? AWS_MANAGED_POLICIES[PolicyArn] : undefined;
      if (aws === undefined) return { PolicyVersion: describeVersion(findPolicy(store, PolicyArn), VersionId) };
      if (VersionId !== 'v1') throw noVersion(PolicyArn, VersionId);
      const Document = encodePolicy(JSON.stringify(aws));
      return { PolicyVersion: { Document, VersionId, IsDefaultVersion: true, CreateDate: AWS_CREATED } };
    },

    ListPolicyVersions({ PolicyArn }) {
      const policy = findPolicy(store, PolicyArn);
      const versions = policy.versions.map(({ id }) => {
        const { Document: _document, ...version } = describeVersion(policy, id);
        return version;
      });
      return { Versions: versions.reverse(), IsTruncated: false };
    },

    DeletePolicyVersion({ PolicyArn, VersionId }) {
      const policy = findPolicy(store, PolicyArn);
      describeVersion(policy, VersionId);
      if (policy.defaultVersionId === VersionId) throw deleteConflict('Cannot delete the default version of a policy.');
      policies.set(PolicyArn, { ...policy, versions: policy.versions.filter(({ id }) => id !== VersionId) });
    },

    SetDefaultPolicyVersion({ PolicyArn, VersionId }) {
      const policy = findPolicy(store, PolicyArn);
      describeVersion(policy, VersionId);
      policies.set(PolicyArn, { ...policy, defaultVersionId: VersionId, updatedAt: Date.now() });
    },
  };
}

/**
 * Gives back the ARN of a policy that exists, the account's or AWS's.
 * @throws NoSuchEntity
 */
export function checkPolicyArn(store: IamStore, arn: string): string {
  if (store.policies.has(arn) || Object.hasOwn(AWS_MANAGED_POLICIES, arn)) return arn;
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

function createPolicy(store: IamStore, input: CreatePolicyInput): PolicyRecord {
  const name = checkName(input.PolicyName, 'PolicyName', 128);
  const path = checkPath(input.Path ?? '/');
  checkDocument(input.PolicyDocument);
  const arn = `arn:aws:iam::${store.cloud.accountId}:policy${path}${name}`;
  if (store.policies.has(arn))
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  const createdAt = Date.now();
  const policy: PolicyRecord = {
    name,
    path,
    id: newId('ANPA'),
    arn,
    createdAt,
    updatedAt: createdAt,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    tags: input.Tags ?? [],
    versions: [{ id: 'v1', document: input.PolicyDocument, createdAt }],
    defaultVersionId: 'v1',
    lastVersion: 1,
  };
  store.policies.set(arn, policy);
  return policy;
}

function checkDocument(document: string): void {
  parsePolicyDocument(document, 'identity');
  const characters = document.replaceAll(/\s/g, '').length;
  if (characters > MAX_CHARACTERS)
    throw new AwsError(
      'LimitExceeded',
      `Cannot exceed quota for PolicySize: ${MAX_CHARACTERS} (it is ${characters})`,
      409,
    );
}

function findPolicy({ policies }: IamStore, arn: string): PolicyRecord {
  const policy = policies.get(arn);
  if (policy !== undefined) return policy;
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

function rolesWith({ roles }: IamStore, policyArn: string) {
  return roles.values().filter(({ attachedPolicyArns }) => attachedPolicyArns.includes(policyArn));
}

function describePolicy(store: IamStore, policy: PolicyRecord): object {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: rolesWith(store, policy.arn).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
    Tags: policy.tags.length === 0 ? undefined : policy.tags,
  };
}

function describeAwsPolicy(store: IamStore, arn: string): object {
  const [, path = '/', name] = /:policy(\/.*?)([^/]+)$/.exec(arn) ?? [];
  return {
    PolicyName: name,
    Arn: arn,
    Path: path,
    DefaultVersionId: 'v1',
    AttachmentCount: rolesWith(store, arn).length,
    IsAttachable: true,
    CreateDate: AWS_CREATED,
    UpdateDate: AWS_CREATED,
  };
}

function describeVersion(policy: PolicyRecord, id: string) {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (version === undefined) throw noVersion(policy.arn, id);
  return {
    Document: encodePolicy(version.document),
    VersionId: id,
    IsDefaultVersion: policy.defaultVersionId === id,
    CreateDate: new Date(version.createdAt),
  };
}

function noVersion(arn: string, id: string): AwsError {
  return noSuchEntity(`Policy ${arn} version ${id} does not exist.`);
}
