import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { Clock } from '../events/clock.ts';
import { CodeStore } from './code-store.ts';
import type { FunctionRecord } from './function-record.ts';

/** What the operations of Lambda share. */
export interface FunctionStore {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly functions: DurableMap<FunctionRecord>;
  readonly code: CodeStore;
}

/** Opens the store over its folder. */
export function openFunctionStore(cloud: Cloud, clock: Clock): FunctionStore {
  const folder = join(cloud.dataFolder, 'lambda');
  return {
    cloud,
    clock,
    functions: new DurableMap(join(folder, 'functions.jsonl')),
    code: new CodeStore(join(folder, 'code')),
  };
}

/** The ARN of a function. */
export function functionArn(cloud: Cloud, name: string): string {
  return `arn:${cloud.partition}:lambda:${cloud.region}:${cloud.accountId}:function:${name}`;
}

/**
 * Finds a function by its name, its ARN or its partial ARN, with or without `:$LATEST`.
 *
 * @throws AwsError ResourceNotFoundException, also for other versions and aliases
 */
export function findFunction(store: FunctionStore, given: string | undefined, qualifier?: string): FunctionRecord {
  const [, name = '', suffix] =
    /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:)?([\w-]+)(?::([\w$-]+))?$/.exec(given ?? '') ?? [];
  const version = qualifier ?? suffix ?? '$LATEST';
  const record = store.functions.get(name);
  if (record !== undefined && version === '$LATEST') return record;
  const arn = name === '' ? String(given) : functionArn(store.cloud, name);
  const what = version === '$LATEST' ? arn : `${arn}:${version} (the local cloud has $LATEST only)`;
  throw new AwsError('ResourceNotFoundException', `Function not found: ${what}`, 404, { Type: 'User' });
}

/**
 * Guards an update with the revision that its author saw.
 *
 * @throws AwsError PreconditionFailedException
 */
export function checkRevision(record: FunctionRecord, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === record.revisionId) return;
  throw new AwsError(
    'PreconditionFailedException',
    `The RevisionId provided does not match the latest RevisionId ${record.revisionId}. Call the GetFunction or the GetFunctionConfiguration API to retrieve the latest RevisionId.`,
    412,
    { Type: 'User' },
  );
}
