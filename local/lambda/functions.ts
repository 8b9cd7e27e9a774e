import type {
  CreateFunctionRequest,
  FunctionCode,
  FunctionConfiguration,
  GetFunctionResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
  ListTagsRequest,
  PutFunctionConcurrencyRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { CallContext, Handlers } from '../core/service.ts';
import { checkFunctionRights } from './check-role.ts';
import { invalidParameter, newRevision, parseFunctionConfig } from './function-config.ts';
import { type CodeRecord, describeFunction, type FunctionRecord } from './function-record.ts';
import { checkRevision, type FunctionStore, findFunction, functionArn } from './function-store.ts';
import { assumeFunctionRole } from './role-session.ts';
import { readZip, type ZipSource } from './zip-source.ts';

const CONFIG_MEMBERS = [
  'FunctionName',
  'Runtime',
  'Role',
  'Handler',
  'Description',
  'Timeout',
  'MemorySize',
  'VpcConfig',
  'DeadLetterConfig',
  'Environment',
  'TracingConfig',
  'Layers',
  'EphemeralStorage',
  'SnapStart',
  'LoggingConfig',
];

/** Told of a function that changed or went. */
export interface FunctionListener {
  readonly onChange: (name: string) => void;
  readonly onDelete: (name: string) => void;
}

interface NamedFunction {
  readonly FunctionName: string | undefined;
  readonly Qualifier?: string | undefined;
}

/** The operations on functions, their concurrency and their tags. */
export function createFunctionHandlers(store: FunctionStore, listener: FunctionListener): Handlers {
  return {
    CreateFunction: (input: CreateFunctionRequest, context) => createFunction(store, input, context),
    UpdateFunctionCode: (input: UpdateFunctionCodeRequest, context) => updateCode({ store, listener, context }, input),
    UpdateFunctionConfiguration: (input: UpdateFunctionConfigurationRequest) => updateConfig(store, listener, input),
    GetFunction: (input: NamedFunction) => getFunction(store, input),
    GetFunctionConfiguration: (input: NamedFunction) =>
      describeFunction(findFunction(store, input.FunctionName, input.Qualifier)),
    DeleteFunction: (input: NamedFunction) => deleteFunction(store, listener, input),
    ListFunctions: (input: ListFunctionsRequest) => listFunctions(store, input),
    PutFunctionConcurrency: (input: PutFunctionConcurrencyRequest) => putConcurrency(store, input),
    GetFunctionConcurrency: (input: NamedFunction) => concurrencyOf(findFunction(store, input.FunctionName)) ?? {},
    DeleteFunctionConcurrency: (input: NamedFunction) => {
      const { reservedConcurrency: _, ...record } = findFunction(store, input.FunctionName);
      store.functions.set(record.name, record);
      return {};
    },
    TagResource: (input: TagResourceRequest) => {
      const record = findFunction(store, input.Resource);
      store.functions.set(record.name, { ...record, tags: { ...record.tags, ...input.Tags } });
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const record = findFunction(store, input.Resource);
      const kept = Object.entries(record.tags).filter(([key]) => !input.TagKeys?.includes(key));
      store.functions.set(record.name, { ...record, tags: Object.fromEntries(kept) });
      return {};
    },
    ListTags: (input: ListTagsRequest) => ({ Tags: { ...findFunction(store, input.Resource).tags } }),
  };
}

async function createFunction(
  store: FunctionStore,
  input: CreateFunctionRequest,
  context: CallContext,
): Promise<FunctionConfiguration> {
  refuseMembers(input, {
    operation: 'lambda CreateFunction',
    members: [...CONFIG_MEMBERS, 'Code', 'Tags', 'Architectures', 'PackageType', 'Publish'],
  });
  refusePublish(input.Publish);
  const name = needName(input.FunctionName);
  if (input.Runtime === undefined)
    throw invalidParameter('Runtime is mandatory for functions created with deployment packages.');
  const { Code: _, ...request } = input;
  const config = parseFunctionConfig(name, request);
  const architecture = parseArchitecture(input.Architectures) ?? 'x86_64';
  refuseExisting(store, name);
  await checkRole(store, config.role, name);
  await checkFunctionRights(store.cloud, { ...config, name });
  const code = await addCode(store, parseCode(input.Code), context);
  // Another request of the same name may have been quicker while this one fetched its code.
  refuseExisting(store, name);
  const record: FunctionRecord = {
    ...config,
    ...newRevision(store.clock.now()),
    name,
    arn: functionArn(store.cloud, name),
    architecture,
    code,
    tags: { ...input.Tags },
    statements: [],
  };
  store.functions.set(name, record);
  return describeFunction(record);
}

interface Change {
  readonly store: FunctionStore;
  readonly listener: FunctionListener;
  readonly context: CallContext;
}

async function updateCode(
  { store, listener, context }: Change,
  input: UpdateFunctionCodeRequest,
): Promise<FunctionConfiguration> {
  refuseMembers(input, {
    operation: 'lambda UpdateFunctionCode',
    members: [
      'FunctionName',
      'ZipFile',
      'S3Bucket',
      'S3Key',
      'S3ObjectVersion',
      'Architectures',
      'Publish',
      'DryRun',
      'RevisionId',
    ],
  });
  refusePublish(input.Publish);
  const found = findFunction(store, input.FunctionName);
  checkRevision(found, input.RevisionId);
  const architecture = parseArchitecture(input.Architectures) ?? found.architecture;
  const code = await addCode(store, parseCode(input), context);
  const record = { ...findFunction(store, found.name), ...newRevision(store.clock.now()), code, architecture };
  if (input.DryRun === true) return describeFunction(record);
  store.functions.set(record.name, record);
  listener.onChange(record.name);
  return describeFunction(record);
}

async function updateConfig(
  store: FunctionStore,
  listener: FunctionListener,
  input: UpdateFunctionConfigurationRequest,
): Promise<FunctionConfiguration> {
  refuseMembers(input, { operation: 'lambda UpdateFunctionConfiguration', members: [...CONFIG_MEMBERS, 'RevisionId'] });
  const found = findFunction(store, input.FunctionName);
  checkRevision(found, input.RevisionId);
  const asked = parseFunctionConfig(found.name, input, found);
  if (asked.role !== found.role) await checkRole(store, asked.role, found.name);
  await checkFunctionRights(store.cloud, { ...asked, name: found.name });
  const { vpc: _vpc, deadLetterArn: _deadLetterArn, ...kept } = findFunction(store, found.name);
  const record = { ...kept, ...asked, ...newRevision(store.clock.now()) };
  store.functions.set(record.name, record);
  listener.onChange(record.name);
  return describeFunction(record);
}

function getFunction(store: FunctionStore, input: NamedFunction): GetFunctionResponse {
  const record = findFunction(store, input.FunctionName, input.Qualifier);
  const concurrency = concurrencyOf(record);
  return {
    Configuration: describeFunction(record),
    Code: { RepositoryType: 'S3' },
    Tags: { ...record.tags },
    ...(concurrency === undefined ? {} : { Concurrency: concurrency }),
  };
}

function deleteFunction(store: FunctionStore, listener: FunctionListener, input: NamedFunction): object {
  const record = findFunction(store, input.FunctionName, input.Qualifier);
  store.functions.delete(record.name);
  listener.onDelete(record.name);
  return {};
}

function listFunctions(store: FunctionStore, input: ListFunctionsRequest): ListFunctionsResponse {
  refuseMembers(input, { operation: 'lambda ListFunctions', members: ['FunctionVersion', 'Marker', 'MaxItems'] });
  const found = store.functions
    .values()
    .filter(({ name }) => name > (input.Marker ?? ''))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = found.slice(0, Math.min(input.MaxItems ?? 50, 50));
  const last = page.at(-1);
  return {
    Functions: page.map(describeFunction),
    ...(found.length > page.length && last !== undefined ? { NextMarker: last.name } : {}),
  };
}

function putConcurrency(store: FunctionStore, input: PutFunctionConcurrencyRequest): object {
  const record = findFunction(store, input.FunctionName);
  const reserved = input.ReservedConcurrentExecutions ?? -1;
  if (!Number.isInteger(reserved) || reserved < 0 || reserved > 900) {
    throw invalidParameter(
      `ReservedConcurrentExecutions ${reserved} is not allowed: it is a whole number from 0 to 900.`,
    );
  }
  store.functions.set(record.name, { ...record, reservedConcurrency: reserved });
  return { ReservedConcurrentExecutions: reserved };
}

function concurrencyOf({ reservedConcurrency }: FunctionRecord): { ReservedConcurrentExecutions: number } | undefined {
  return reservedConcurrency === undefined ? undefined : { ReservedConcurrentExecutions: reservedConcurrency };
}

async function addCode(store: FunctionStore, source: ZipSource, { caller }: CallContext): Promise<CodeRecord> {
  return store.code.add(await readZip(store.cloud, source, caller));
}

function parseCode(code: Omit<FunctionCode, 'ImageUri'> | undefined): ZipSource {
  const { ZipFile, S3Bucket, S3Key, S3ObjectVersion } = code ?? {};
  if (ZipFile !== undefined && S3Bucket === undefined) return { type: 'bytes', bytes: ZipFile };
  if (ZipFile === undefined && S3Bucket !== undefined && S3Key !== undefined) {
    return {
      type: 's3',
      bucket: S3Bucket,
      key: S3Key,
      ...(S3ObjectVersion === undefined ? {} : { version: S3ObjectVersion }),
    };
  }
  throw invalidParameter(
    'The code is either ZipFile, or S3Bucket and S3Key; container images are not in the local cloud.',
  );
}

/** As Lambda does, so that a role that cannot work is found when the function is made. */
async function checkRole(store: FunctionStore, role: string, name: string): Promise<void> {
  try {
    await assumeFunctionRole(store.cloud, role, name);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(
      `The role defined for the function cannot be assumed by Lambda. (${role}: ${error.message})`,
    );
  }
}

function needName(given: string | undefined): string {
  const name = /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:)?([\w-]{1,64})$/.exec(given ?? '')?.[1];
  if (name === undefined)
    throw invalidParameter(`FunctionName ${given} is not allowed: 1 to 64 letters, digits, - and _.`);
  return name;
}

function refuseExisting(store: FunctionStore, name: string): void {
  if (!store.functions.has(name)) return;
  throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, { Type: 'User' });
}

function refusePublish(publish: boolean | undefined): void {
  if (publish === true)
    throw new AwsError('UnsupportedOperation', 'Publish: the local cloud has $LATEST only, no versions.');
}

function parseArchitecture(given: readonly string[] | undefined): FunctionRecord['architecture'] | undefined {
  if (given === undefined) return undefined;
  const [architecture] = given;
  if (given.length === 1 && (architecture === 'arm64' || architecture === 'x86_64')) return architecture;
  throw invalidParameter(`Architectures ${given.join(', ')} is not allowed: it is one of arm64 and x86_64.`);
}
