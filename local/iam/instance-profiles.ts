import { AwsError } from '../core/aws-error.ts';
import type { Handlers } from '../core/service.ts';
import {
  alreadyExists,
  checkName,
  checkPath,
  deleteConflict,
  findRole,
  type IamStore,
  type InstanceProfileRecord,
  mergeTags,
  newId,
  noSuchEntity,
} from './iam-store.ts';
import { describeRole } from './roles.ts';

/** Instance profiles: the wrapping in which a role goes to an EC2 instance; one holds one role at most. */
export function instanceProfileHandlers(store: IamStore): Handlers {
  const { profiles } = store;
  return {
    CreateInstanceProfile({ InstanceProfileName, Path, Tags }) {
      const name = checkName(InstanceProfileName, 'InstanceProfileName', 128);
      const path = checkPath(Path ?? '/');
      if (profiles.has(name)) throw alreadyExists(`Instance Profile ${name} already exists.`);
      const arn = `arn:aws:iam::${store.cloud.accountId}:instance-profile${path}${name}`;
      const profile = { name, path, id: newId('AIPA'), arn, createdAt: Date.now(), tags: Tags ?? [] };
      profiles.set(name, profile);
      return { InstanceProfile: describeProfile(store, profile) };
    },

    GetInstanceProfile: ({ InstanceProfileName }) => ({
      InstanceProfile: describeProfile(store, findProfile(store, InstanceProfileName)),
    }),

    ListInstanceProfiles: () => ({
      InstanceProfiles: profiles.values().map((profile) => describeProfile(store, profile)),
      IsTruncated: false,
    }),

    ListInstanceProfilesForRole({ RoleName }) {
      findRole(store, RoleName);
      const found = profiles.values().filter(({ roleName }) => roleName === RoleName);
      return { InstanceProfiles: found.map((profile) => describeProfile(store, profile)), IsTruncated: false };
    },

    DeleteInstanceProfile({ InstanceProfileName }) {
      const { roleName } = findProfile(store, InstanceProfileName);
      if (roleName !== undefined)
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
      profiles.delete(InstanceProfileName);
    },

    AddRoleToInstanceProfile({ InstanceProfileName, RoleName }) {
      const profile = findProfile(store, InstanceProfileName);
      findRole(store, RoleName);
      if (profile.roleName !== undefined)
        throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
      profiles.set(InstanceProfileName, { ...profile, roleName: RoleName });
    },

    RemoveRoleFromInstanceProfile({ InstanceProfileName, RoleName }) {
      const { roleName, ...profile } = findProfile(store, InstanceProfileName);
      if (roleName !== RoleName)
        throw noSuchEntity(`Role ${RoleName} is not in instance profile ${InstanceProfileName}.`);
      profiles.set(InstanceProfileName, profile);
    },

    TagInstanceProfile({ InstanceProfileName, Tags }) {
      const profile = findProfile(store, InstanceProfileName);
      profiles.set(InstanceProfileName, { ...profile, tags: mergeTags(profile.tags, Tags) });
    },

    UntagInstanceProfile({ InstanceProfileName, TagKeys }) {
      const profile = findProfile(store, InstanceProfileName);
      profiles.set(InstanceProfileName, { ...profile, tags: profile.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
    },

    ListInstanceProfileTags: ({ InstanceProfileName }) => ({
      Tags: findProfile(store, InstanceProfileName).tags,
      IsTruncated: false,
    }),
  };
}

function findProfile({ profiles }: IamStore, name: string): InstanceProfileRecord {
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
}

function describeProfile(store: IamStore, profile: InstanceProfileRecord): object {
  const { roleName } = profile;
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAt),
    Roles: roleName === undefined ? [] : [describeRole(findRole(store, roleName))],
    Tags: profile.tags.length === 0 ? undefined : profile.tags,
  };
}
