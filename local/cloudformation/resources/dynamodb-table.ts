import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { PhysicalResource, PropertyChange, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonObject, isSameJson, type JsonObject } from '../template/json.ts';
import { indexUpdates } from './dynamodb-index-updates.ts';
import { changesOf, pick, textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

const IN_PLACE = [
  'BillingMode',
  'DeletionProtectionEnabled',
  'ProvisionedThroughput',
  'SSESpecification',
  'StreamSpecification',
  'TableClass',
];
const AT_CREATION = [
  ...IN_PLACE,
  'AttributeDefinitions',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
];

/** AWS::DynamoDB::Table. */
export const dynamodbTable: ResourceDriver = {
  type: 'AWS::DynamoDB::Table',
  properties: [...AT_CREATION, 'PointInTimeRecoverySpecification', 'TableName', 'Tags', 'TimeToLiveSpecification'],
  replaceOn: ['KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  nameProperty: 'TableName',
  tags: 'list',
  create: async (context, properties) => {
    const TableName = textOf(properties, 'TableName') ?? context.name(255);
    const tags = tagList(properties);
    const input = { TableName, ...inputOf(properties, AT_CREATION), ...(tags.length === 0 ? {} : { Tags: tags }) };
    await createOnce(context.isRetry, context.call('dynamodb', 'CreateTable', input));
    context.remember(TableName);
    const table = await awaitActive(context, TableName);
    await setRecovery(context, TableName, { before: {}, after: properties });
    await setTimeToLive(context, TableName, { before: {}, after: properties });
    return table;
  },
  update: async (context, resource, change) => {
    const TableName = resource.physicalId;
    const { after, changed } = change;
    if (changesOf(changed, IN_PLACE)) {
      const wanted = inputOf(
        after,
        IN_PLACE.filter((name) => changed.has(name)),
      );
      await context.call('dynamodb', 'UpdateTable', { TableName, ...pick(after, ['BillingMode']), ...wanted });
      await awaitActive(context, TableName);
    }
    // DynamoDB takes one change of indexes at a time.
    for (const update of indexUpdates(change)) {
      const definitions = pick(after, ['AttributeDefinitions']);
      await context.call('dynamodb', 'UpdateTable', {
        TableName,
        ...definitions,
        GlobalSecondaryIndexUpdates: [update],
      });
      await awaitActive(context, TableName);
    }
    await setRecovery(context, TableName, change);
    await setTimeToLive(context, TableName, change);
    await setTags(context, resource.attributes['Arn'], change);
    return awaitActive(context, TableName);
  },
  delete: async (context, resource) => {
    const TableName = resource.physicalId;
    await ignoreGone(context.call('dynamodb', 'DeleteTable', { TableName }));
    await context.until(async () => {
      const { TableNames } = await context.call('dynamodb', 'ListTables', {});
      return TableNames?.includes(TableName) === true ? undefined : true;
    });
  },
};

/** CloudFormation says SSEEnabled, and implies that a stream is on, where the API says so. */
function inputOf(properties: JsonObject, names: readonly string[]): JsonObject {
  const { SSESpecification: encryption, StreamSpecification: stream, ...rest } = pick(properties, names);
  const isProvisioned = textOf(properties, 'BillingMode') !== 'PAY_PER_REQUEST';
  return {
    ...(isProvisioned ? rest : withoutThroughput(rest)),
    ...(isJsonObject(encryption) ? { SSESpecification: encryptionOf(encryption) } : {}),
    ...(isJsonObject(stream) ? { StreamSpecification: { StreamEnabled: true, ...stream } } : {}),
  };
}

function withoutThroughput(properties: JsonObject): JsonObject {
  const { ProvisionedThroughput: _, ...rest } = properties;
  return rest;
}

function encryptionOf(property: JsonObject): JsonObject {
  const { SSEEnabled: isOn, ...rest } = property;
  return { ...rest, ...(isOn === undefined ? {} : { Enabled: isOn }) };
}

async function awaitActive(context: ResourceContext, TableName: string): Promise<PhysicalResource> {
  const table = await context.until(async () => {
    const { Table } = await context.call('dynamodb', 'DescribeTable', { TableName });
    const indexes: readonly { readonly IndexStatus?: string }[] = Table?.GlobalSecondaryIndexes ?? [];
    const isSettled = indexes.every(({ IndexStatus }) => IndexStatus === undefined || IndexStatus === 'ACTIVE');
    return Table?.TableStatus === 'ACTIVE' && isSettled ? Table : undefined;
  });
  const stream = table.LatestStreamArn === undefined ? {} : { StreamArn: table.LatestStreamArn };
  return { physicalId: TableName, attributes: { Arn: table.TableArn, ...stream } };
}

type Change = Pick<PropertyChange, 'before' | 'after'>;

async function setRecovery(context: ResourceContext, TableName: string, { before, after }: Change): Promise<void> {
  const name = 'PointInTimeRecoverySpecification';
  if (isSameJson(before[name], after[name])) return;
  const specification = after[name] ?? { PointInTimeRecoveryEnabled: false };
  await context.call('dynamodb', 'UpdateContinuousBackups', {
    TableName,
    PointInTimeRecoverySpecification: specification,
  });
}

/** DynamoDB refuses to switch on what is on already, which is how a repeated creation finds it. */
async function setTimeToLive(context: ResourceContext, TableName: string, { before, after }: Change): Promise<void> {
  const [old, wanted] = [before['TimeToLiveSpecification'], after['TimeToLiveSpecification']];
  if (isSameJson(old, wanted)) return;
  const { TimeToLiveDescription: found } = await context.call('dynamodb', 'DescribeTimeToLive', { TableName });
  const isOn = found?.TimeToLiveStatus === 'ENABLED' || found?.TimeToLiveStatus === 'ENABLING';
  const asked = isJsonObject(wanted) ? wanted : { AttributeName: found?.AttributeName ?? '', Enabled: false };
  if (isOn === (String(asked['Enabled']) === 'true')) return;
  await context.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification: asked });
}

async function setTags(context: ResourceContext, ResourceArn: unknown, change: PropertyChange): Promise<void> {
  const { set, removed } = tagChange(change);
  if (set.length > 0) await context.call('dynamodb', 'TagResource', { ResourceArn, Tags: set });
  if (removed.length > 0) await context.call('dynamodb', 'UntagResource', { ResourceArn, TagKeys: removed });
}
