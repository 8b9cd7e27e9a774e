import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonObject, type JsonObject } from '../template/json.ts';
import { pick, requiredText, textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

/** AWS::SecretsManager::Secret. */
export const secretsmanagerSecret: ResourceDriver = {
  type: 'AWS::SecretsManager::Secret',
  properties: ['Description', 'GenerateSecretString', 'KmsKeyId', 'Name', 'SecretString', 'Tags'],
  replaceOn: ['Name'],
  nameProperty: 'Name',
  tags: 'list',
  create: async (context, properties) => {
    const name = textOf(properties, 'Name') ?? context.name(512);
    const made: { readonly ARN?: string } | undefined = await createOnce(
      context.isRetry,
      context.call('secretsmanager', 'CreateSecret', {
        Name: name,
        ...pick(properties, ['Description', 'KmsKeyId']),
        ...(await contentOf(context, properties)),
        Tags: tagList(properties),
        // A secret's token is a version id: 32 characters at least.
        ClientRequestToken: context.token.padEnd(32, '0'),
      }),
    );
    const arn = made?.ARN ?? (await context.call('secretsmanager', 'DescribeSecret', { SecretId: name })).ARN;
    context.remember(arn);
    return { physicalId: arn, attributes: { Id: arn } };
  },
  update: async (context, resource, change) => {
    const { after, changed } = change;
    const SecretId = resource.physicalId;
    const content =
      changed.has('SecretString') || changed.has('GenerateSecretString') ? await contentOf(context, after) : {};
    await context.call('secretsmanager', 'UpdateSecret', {
      SecretId,
      ...pick(after, ['Description', 'KmsKeyId']),
      ...content,
    });
    const { set, removed } = tagChange(change);
    if (set.length > 0) await context.call('secretsmanager', 'TagResource', { SecretId, Tags: set });
    if (removed.length > 0) await context.call('secretsmanager', 'UntagResource', { SecretId, TagKeys: removed });
    return resource;
  },
  delete: (context, resource) =>
    ignoreGone(
      context.call('secretsmanager', 'DeleteSecret', {
        SecretId: resource.physicalId,
        ForceDeleteWithoutRecovery: true,
      }),
    ),
};

async function contentOf(context: ResourceContext, properties: JsonObject): Promise<JsonObject> {
  const text = textOf(properties, 'SecretString');
  const generate = properties['GenerateSecretString'];
  if (text !== undefined) return { SecretString: text };
  if (!isJsonObject(generate)) return {};
  const { GenerateStringKey: key, SecretStringTemplate: template, ...rules } = generate;
  const { RandomPassword } = await context.call('secretsmanager', 'GetRandomPassword', rules);
  if (key === undefined) return { SecretString: RandomPassword };
  const members: JsonObject = JSON.parse(requiredText({ template: template ?? '{}' }, 'template'));
  return { SecretString: JSON.stringify({ ...members, [String(key)]: RandomPassword }) };
}
