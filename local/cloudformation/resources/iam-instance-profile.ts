import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { pick, textList, textOf } from './pick.ts';

/** AWS::IAM::InstanceProfile. */
export const iamInstanceProfile: ResourceDriver = {
  type: 'AWS::IAM::InstanceProfile',
  properties: ['InstanceProfileName', 'Path', 'Roles'],
  replaceOn: ['InstanceProfileName', 'Path'],
  nameProperty: 'InstanceProfileName',
  create: async (context, properties) => {
    const InstanceProfileName = textOf(properties, 'InstanceProfileName') ?? context.name(128);
    await createOnce(
      context.isRetry,
      context.call('iam', 'CreateInstanceProfile', { InstanceProfileName, ...pick(properties, ['Path']) }),
    );
    context.remember(InstanceProfileName);
    await setRoles(context, InstanceProfileName, textList(properties, 'Roles'));
    const { InstanceProfile } = await context.call('iam', 'GetInstanceProfile', { InstanceProfileName });
    return { physicalId: InstanceProfileName, attributes: { Arn: InstanceProfile.Arn } };
  },
  update: async (context, resource, { after }) => {
    await setRoles(context, resource.physicalId, textList(after, 'Roles'));
    return resource;
  },
  delete: (context, resource) => ignoreGone(remove(context, resource.physicalId)),
};

async function currentRoles(context: ResourceContext, InstanceProfileName: string): Promise<readonly string[]> {
  const { InstanceProfile } = await context.call('iam', 'GetInstanceProfile', { InstanceProfileName });
  return (InstanceProfile.Roles ?? []).map((role: { readonly RoleName: string }) => role.RoleName);
}

/** A profile holds one role, so the old one leaves before the new one comes. */
async function setRoles(
  context: ResourceContext,
  InstanceProfileName: string,
  roles: readonly string[],
): Promise<void> {
  const current = await currentRoles(context, InstanceProfileName);
  for (const RoleName of current.filter((role) => !roles.includes(role)))
    await context.call('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName });
  for (const RoleName of roles.filter((role) => !current.includes(role)))
    await context.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
}

async function remove(context: ResourceContext, InstanceProfileName: string): Promise<void> {
  await setRoles(context, InstanceProfileName, []);
  await context.call('iam', 'DeleteInstanceProfile', { InstanceProfileName });
}
