import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { PropertyChange, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, isJsonObject, type JsonObject } from '../template/json.ts';
import { pick, requiredText, textList, textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

/** AWS::IAM::Role. */
export const iamRole: ResourceDriver = {
  type: 'AWS::IAM::Role',
  properties: [
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'Path',
    'Policies',
    'RoleName',
    'Tags',
  ],
  replaceOn: ['Path', 'RoleName'],
  nameProperty: 'RoleName',
  tags: 'list',
  create: async (context, properties) => {
    const RoleName = textOf(properties, 'RoleName') ?? context.name(64);
    await createOnce(
      context.isRetry,
      context.call('iam', 'CreateRole', {
        RoleName,
        ...pick(properties, ['AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Path']),
        Tags: tagList(properties),
      }),
    );
    context.remember(RoleName);
    await setPolicies(context, RoleName, { before: {}, after: properties, changed: new Set() });
    const { Role } = await context.call('iam', 'GetRole', { RoleName });
    return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  update: async (context, resource, change) => {
    const RoleName = resource.physicalId;
    const { after, changed } = change;
    if (changed.has('AssumeRolePolicyDocument'))
      await context.call('iam', 'UpdateAssumeRolePolicy', {
        RoleName,
        PolicyDocument: requiredText(after, 'AssumeRolePolicyDocument'),
      });
    if (changed.has('Description') || changed.has('MaxSessionDuration'))
      await context.call('iam', 'UpdateRole', {
        RoleName,
        Description: textOf(after, 'Description') ?? '',
        MaxSessionDuration: after['MaxSessionDuration'] ?? 3600,
      });
    await setPolicies(context, RoleName, change);
    const { set, removed } = tagChange(change);
    if (set.length > 0) await context.call('iam', 'TagRole', { RoleName, Tags: set });
    if (removed.length > 0) await context.call('iam', 'UntagRole', { RoleName, TagKeys: removed });
    return resource;
  },
  delete: (context, resource) => ignoreGone(deleteRole(context, resource.physicalId)),
};

async function setPolicies(
  context: ResourceContext,
  RoleName: string,
  { before, after }: PropertyChange,
): Promise<void> {
  const arns = textList(after, 'ManagedPolicyArns');
  for (const PolicyArn of arns) await context.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn });
  for (const PolicyArn of textList(before, 'ManagedPolicyArns').filter((arn) => !arns.includes(arn)))
    await ignoreGone(context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
  const policies = inlinePolicies(after);
  for (const policy of policies) await context.call('iam', 'PutRolePolicy', { RoleName, ...policy });
  const names = new Set(policies.map((policy) => policy['PolicyName']));
  for (const { PolicyName } of inlinePolicies(before).map((policy) => pick(policy, ['PolicyName'])))
    if (!names.has(PolicyName ?? ''))
      await ignoreGone(context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
}

function inlinePolicies(properties: JsonObject): readonly JsonObject[] {
  const policies = properties['Policies'];
  return isJsonList(policies) ? policies.filter(isJsonObject) : [];
}

/** IAM keeps a role that still has policies. */
async function deleteRole(context: ResourceContext, RoleName: string): Promise<void> {
  const attached = await context.call('iam', 'ListAttachedRolePolicies', { RoleName });
  for (const { PolicyArn } of attached.AttachedPolicies ?? [])
    await ignoreGone(context.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn }));
  const inline = await context.call('iam', 'ListRolePolicies', { RoleName });
  for (const PolicyName of inline.PolicyNames ?? [])
    await ignoreGone(context.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName }));
  await context.call('iam', 'DeleteRole', { RoleName });
}
