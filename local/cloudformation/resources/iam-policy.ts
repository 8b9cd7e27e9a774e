import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { requiredText, textList } from './pick.ts';

/** AWS::IAM::Policy on roles; users and groups are not in the local cloud. */
export const iamPolicy: ResourceDriver = {
  type: 'AWS::IAM::Policy',
  properties: ['PolicyDocument', 'PolicyName', 'Roles'],
  replaceOn: [],
  create: async (context, properties) => {
    const physicalId = context.name(128);
    context.remember(physicalId);
    await put(context, properties);
    return { physicalId, attributes: { Id: physicalId } };
  },
  update: async (context, resource, { before, after }) => {
    await put(context, after);
    const isRenamed = before['PolicyName'] !== after['PolicyName'];
    const kept = isRenamed ? [] : textList(after, 'Roles');
    await remove(
      context,
      before,
      textList(before, 'Roles').filter((role) => !kept.includes(role)),
    );
    return resource;
  },
  delete: (context, _resource, properties) => remove(context, properties, textList(properties, 'Roles')),
};

async function put(context: ResourceContext, properties: JsonObject): Promise<void> {
  const PolicyName = requiredText(properties, 'PolicyName');
  for (const RoleName of textList(properties, 'Roles'))
    await context.call('iam', 'PutRolePolicy', { RoleName, PolicyName, PolicyDocument: properties['PolicyDocument'] });
}

async function remove(context: ResourceContext, properties: JsonObject, roles: readonly string[]): Promise<void> {
  const PolicyName = requiredText(properties, 'PolicyName');
  for (const RoleName of roles) await ignoreGone(context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
}
