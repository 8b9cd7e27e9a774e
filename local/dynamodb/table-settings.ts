import type { SSESpecification, TableClass, TableDescription, Tag } from '@aws-sdk/client-dynamodb';

/** What DynamoDB Local takes and forgets, or does not know; kept beside it and shown by the Describe operations. */
export interface TableSettings {
  readonly tags: readonly Tag[];
  readonly encryption?: SSESpecification;
  readonly tableClass?: TableClass;
  /** Epoch milliseconds; absent while point-in-time recovery is off. */
  readonly recoverableSince?: number;
  readonly recoveryDays?: number;
}

export const NO_SETTINGS: TableSettings = { tags: [] };

const DEFAULT_RECOVERY_DAYS = 35;

/** The members of an input that are settings. */
export function readSettings(input: {
  readonly Tags?: readonly Tag[];
  readonly SSESpecification?: SSESpecification;
  readonly TableClass?: TableClass;
}): Partial<TableSettings> {
  return {
    ...(input.Tags === undefined ? {} : { tags: input.Tags }),
    ...(input.SSESpecification === undefined ? {} : { encryption: input.SSESpecification }),
    ...(input.TableClass === undefined ? {} : { tableClass: input.TableClass }),
  };
}

/** A table as AWS would describe it: with its settings, and under the region's ARN instead of ddblocal's. */
export function describeTable(table: TableDescription, settings: TableSettings, region: string): TableDescription {
  const { encryption, tableClass } = settings;
  return {
    ...renameRegion(table, region),
    ...(encryption?.Enabled === true
      ? { SSEDescription: { Status: 'ENABLED', SSEType: encryption.SSEType ?? 'KMS' } }
      : {}),
    ...(tableClass === undefined ? {} : { TableClassSummary: { TableClass: tableClass } }),
  };
}

/** The answer of DescribeContinuousBackups. */
export function describeBackups(settings: TableSettings, now: number): object {
  const { recoverableSince, recoveryDays = DEFAULT_RECOVERY_DAYS } = settings;
  const isOn = recoverableSince !== undefined;
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: isOn
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recoveryDays,
          EarliestRestorableDateTime: new Date(recoverableSince),
          LatestRestorableDateTime: new Date(now),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  };
}

/** Settings after UpdateContinuousBackups; switching on what is on keeps its beginning. */
export function withRecovery(
  settings: TableSettings,
  recovery: { isOn: boolean; days: number | undefined; now: number },
): TableSettings {
  const { recoverableSince, recoveryDays, ...others } = settings;
  if (!recovery.isOn) return others;
  return {
    ...others,
    recoverableSince: recoverableSince ?? recovery.now,
    recoveryDays: recovery.days ?? recoveryDays ?? DEFAULT_RECOVERY_DAYS,
  };
}

/** DynamoDB Local calls its region ddblocal. ARNs stand only in these members. */
function renameRegion(table: TableDescription, region: string): TableDescription {
  const rename = (arn: string | undefined) =>
    arn?.replace(/^arn:aws:dynamodb:ddblocal:/, `arn:aws:dynamodb:${region}:`);
  const { TableArn, LatestStreamArn, GlobalSecondaryIndexes, LocalSecondaryIndexes } = table;
  return {
    ...table,
    TableArn: rename(TableArn),
    LatestStreamArn: rename(LatestStreamArn),
    GlobalSecondaryIndexes: GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexArn: rename(index.IndexArn) })),
    LocalSecondaryIndexes: LocalSecondaryIndexes?.map((index) => ({ ...index, IndexArn: rename(index.IndexArn) })),
  };
}
