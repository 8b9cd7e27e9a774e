import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { pick, requiredText, textList, textOf } from './pick.ts';

/** AWS::IAM::ManagedPolicy on roles; users and groups are not in the local cloud. */
export const iamManagedPolicy: ResourceDriver = {
  type: 'AWS::IAM::ManagedPolicy',
  properties: ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
  replaceOn: ['Description', 'ManagedPolicyName', 'Path'],
  nameProperty: 'ManagedPolicyName',
  create: async (context, properties) => {
    const PolicyName = textOf(properties, 'ManagedPolicyName') ?? context.name(128);
    const arn = `arn:aws:iam::${context.accountId}:policy${textOf(properties, 'Path') ?? '/'}${PolicyName}`;
    const input = { PolicyName, ...pick(properties, ['Description', 'Path', 'PolicyDocument']) };
    await createOnce(context.isRetry, context.call('iam', 'CreatePolicy', input));
    context.remember(arn);
    await attach(context, arn, textList(properties, 'Roles'));
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  update: async (context, resource, { before, after, changed }) => {
    const PolicyArn = resource.physicalId;
    if (changed.has('PolicyDocument')) await replaceVersion(context, PolicyArn, requiredText(after, 'PolicyDocument'));
    const roles = textList(after, 'Roles');
    await attach(context, PolicyArn, roles);
    await detach(
      context,
      PolicyArn,
      textList(before, 'Roles').filter((role) => !roles.includes(role)),
    );
    return resource;
  },
  delete: async (context, resource, properties) => {
    await detach(context, resource.physicalId, textList(properties, 'Roles'));
    await ignoreGone(context.call('iam', 'DeletePolicy', { PolicyArn: resource.physicalId }));
  },
};

async function attach(context: ResourceContext, PolicyArn: string, roles: readonly string[]): Promise<void> {
  for (const RoleName of roles) await context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
}

async function detach(context: ResourceContext, PolicyArn: string, roles: readonly string[]): Promise<void> {
  for (const RoleName of roles) await ignoreGone(context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
}

/** IAM keeps five versions, so those out of force go first. */
async function replaceVersion(context: ResourceContext, PolicyArn: string, PolicyDocument: string): Promise<void> {
  const { Versions } = await context.call('iam', 'ListPolicyVersions', { PolicyArn });
  for (const { VersionId, IsDefaultVersion } of Versions ?? [])
    if (IsDefaultVersion !== true)
      await ignoreGone(context.call('iam', 'DeletePolicyVersion', { PolicyArn, VersionId }));
  await context.call('iam', 'CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: true });
}
