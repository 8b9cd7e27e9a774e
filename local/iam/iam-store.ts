import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface RoleRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly trustPolicy: string;
  readonly description?: string;
  readonly maxSessionSeconds: number;
  readonly tags: readonly Tag[];
  /** Policy texts by name. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  readonly attachedPolicyArns: readonly string[];
}

export interface InstanceProfileRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly roleName?: string;
  readonly tags: readonly Tag[];
}

interface PolicyVersionRecord {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
}

export interface PolicyRecord {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly description?: string;
  readonly tags: readonly Tag[];
  readonly versions: readonly PolicyVersionRecord[];
  readonly defaultVersionId: string;
  /** Version ids are never used again. */
  readonly lastVersion: number;
}

/** What IAM keeps. Roles and profiles are known by name, policies by ARN. */
export interface IamStore {
  readonly cloud: Cloud;
  readonly roles: DurableMap<RoleRecord>;
  readonly profiles: DurableMap<InstanceProfileRecord>;
  readonly policies: DurableMap<PolicyRecord>;
}

export function openIamStore(cloud: Cloud): IamStore {
  const file = (name: string) => join(cloud.dataFolder, 'iam', `${name}.jsonl`);
  return {
    cloud,
    roles: new DurableMap(file('roles')),
    profiles: new DurableMap(file('instance-profiles')),
    policies: new DurableMap(file('policies')),
  };
}

/** @throws NoSuchEntity */
export function findRole({ roles }: IamStore, name: string): RoleRecord {
  const role = roles.get(name);
  if (role !== undefined) return role;
  throw noSuchEntity(`The role with name ${name} cannot be found.`);
}

/** Ids look as AWS's do: a prefix that tells the kind (AROA, AIPA, ANPA) and 17 letters and digits. */
export function newId(prefix: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...randomBytes(17)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, 404);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, 409);
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}

/** @throws ValidationError */
export function checkName(name: string, what: string, maxCharacters = 64): string {
  if (name.length <= maxCharacters && /^[\w+=,.@-]+$/.test(name)) return name;
  throw new AwsError('ValidationError', `${what} "${name}" must have 1 to ${maxCharacters} characters of [\\w+=,.@-]`);
}

/** @throws ValidationError */
export function checkPath(path: string): string {
  if (/^\/([!-~]+\/)?$/.test(path)) return path;
  throw new AwsError('ValidationError', `Path "${path}" must begin and end with /`);
}

/** Tags after `added` replaced those of the same key. */
export function mergeTags(tags: readonly Tag[], added: readonly Tag[]): Tag[] {
  const kept = tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
  return [...kept, ...added];
}

/** IAM answers policy texts percent-encoded. */
export function encodePolicy(document: string): string {
  return encodeURIComponent(document);
}
