import type { TableDescription, Tag } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../core/aws-error.ts';
import type { DurableMap } from '../core/durable-map.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import {
  describeBackups,
  describeTable,
  NO_SETTINGS,
  readSettings,
  type TableSettings,
  withRecovery,
} from './table-settings.ts';

/** What the handlers of tables work with. */
export interface Tables {
  readonly cloud: Cloud;
  readonly settings: DurableMap<TableSettings>;
  /** An operation of DynamoDB Local, in the SDK's form. */
  readonly ask: (
    operation: string,
    input: object,
  ) => Promise<{ Table?: TableDescription; TableDescription?: TableDescription }>;
}

const STORED = ['SSESpecification', 'TableClass'];
const CHANGEABLE = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'ProvisionedThroughput',
  'StreamSpecification',
];
const CREATE_MEMBERS = [...CHANGEABLE, 'KeySchema', 'LocalSecondaryIndexes', 'GlobalSecondaryIndexes'];
const UPDATE_MEMBERS = [...CHANGEABLE, 'GlobalSecondaryIndexUpdates'];

/** Creating, describing and deleting tables: DynamoDB Local does it, and what it would forget is kept here. */
export function tableHandlers(tables: Tables): Handlers {
  const { settings, ask } = tables;
  return {
    async CreateTable(input) {
      refuseMembers(input, {
        operation: 'dynamodb CreateTable',
        members: ['TableName', ...CREATE_MEMBERS, ...STORED, 'Tags'],
      });
      const { TableDescription } = await ask('CreateTable', without(input, [...STORED, 'Tags']));
      settings.set(nameOf(input.TableName), { ...NO_SETTINGS, ...readSettings(input) });
      return { TableDescription: describe(tables, TableDescription) };
    },

    async DescribeTable(input) {
      const { Table } = await ask('DescribeTable', input);
      return { Table: describe(tables, Table) };
    },

    async UpdateTable(input) {
      refuseMembers(input, {
        operation: 'dynamodb UpdateTable',
        members: ['TableName', ...UPDATE_MEMBERS, ...STORED],
      });
      const name = nameOf(input.TableName);
      const change = without(input, STORED);
      // DynamoDB Local refuses an update without a change that it knows.
      const isStoredOnly = Object.keys(change).length === 1;
      const answer = await ask(isStoredOnly ? 'DescribeTable' : 'UpdateTable', change);
      settings.set(name, { ...(settings.get(name) ?? NO_SETTINGS), ...readSettings(input) });
      return { TableDescription: describe(tables, answer.TableDescription ?? answer.Table) };
    },

    async DeleteTable(input) {
      const { TableDescription } = await ask('DeleteTable', input);
      const described = describe(tables, TableDescription);
      settings.delete(nameOf(input.TableName));
      return { TableDescription: described };
    },

    ...settingHandlers(tables),
  };
}

function settingHandlers({ settings, ask }: Tables): Handlers {
  const find = async (nameOrArn: string) => {
    await ask('DescribeTable', { TableName: nameOf(nameOrArn) });
    return settings.get(nameOf(nameOrArn)) ?? NO_SETTINGS;
  };
  return {
    async TagResource({ ResourceArn, Tags }) {
      const found = await find(ResourceArn);
      const kept = found.tags.filter(({ Key }) => !Tags.some((tag: Tag) => tag.Key === Key));
      settings.set(nameOf(ResourceArn), { ...found, tags: [...kept, ...Tags] });
    },

    async UntagResource({ ResourceArn, TagKeys }) {
      const found = await find(ResourceArn);
      settings.set(nameOf(ResourceArn), { ...found, tags: found.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
    },

    async ListTagsOfResource(input) {
      refuseMembers(input, { operation: 'dynamodb ListTagsOfResource', members: ['ResourceArn'] });
      return { Tags: (await find(input.ResourceArn)).tags };
    },

    DescribeContinuousBackups: async ({ TableName }) => ({
      ContinuousBackupsDescription: describeBackups(await find(TableName), Date.now()),
    }),

    async UpdateContinuousBackups({ TableName, PointInTimeRecoverySpecification }) {
      const { PointInTimeRecoveryEnabled: isOn, RecoveryPeriodInDays: days } = PointInTimeRecoverySpecification;
      if (days !== undefined && (days < 1 || days > 35))
        throw new AwsError('ValidationException', `RecoveryPeriodInDays is ${days}; allowed are 1 to 35`);
      const changed = withRecovery(await find(TableName), { isOn, days, now: Date.now() });
      settings.set(nameOf(TableName), changed);
      return { ContinuousBackupsDescription: describeBackups(changed, Date.now()) };
    },
  };
}

function describe({ cloud, settings }: Tables, table: TableDescription | undefined): TableDescription {
  if (table?.TableName === undefined) throw new Error('DynamoDB Local described no table');
  return describeTable(table, settings.get(table.TableName) ?? NO_SETTINGS, cloud.region);
}

/** Operations take a table's ARN where they take its name. */
function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}

function without(input: object, names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => !names.includes(name) && value !== undefined),
  );
}
