import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { LooseInput, PropertyChange, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonObject, type JsonObject } from '../template/json.ts';
import { zipOneFile } from './inline-zip.ts';
import { changesOf, pick, textOf } from './pick.ts';
import { tagChange, tagMap } from './tag-change.ts';

/** Settings with the value that stands for their absence: an update leaves alone what it does not name. */
const CONFIGURATION: JsonObject = {
  DeadLetterConfig: { TargetArn: '' },
  Description: '',
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  Handler: null,
  LoggingConfig: null,
  MemorySize: 128,
  Role: null,
  Runtime: null,
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
};

/** AWS::Lambda::Function. */
export const lambdaFunction: ResourceDriver = {
  type: 'AWS::Lambda::Function',
  properties: [
    ...Object.keys(CONFIGURATION),
    'Architectures',
    'Code',
    'FunctionName',
    'Layers',
    'PackageType',
    'ReservedConcurrentExecutions',
    'Tags',
  ],
  replaceOn: ['FunctionName', 'PackageType'],
  nameProperty: 'FunctionName',
  tags: 'list',
  create: async (context, properties) => {
    const FunctionName = textOf(properties, 'FunctionName') ?? context.name(64);
    await createOnce(
      context.isRetry,
      context.call('lambda', 'CreateFunction', {
        FunctionName,
        ...pick(properties, [...Object.keys(CONFIGURATION), 'Architectures', 'Layers', 'PackageType']),
        Code: codeOf(properties),
        Tags: tagMap(properties),
      }),
    );
    context.remember(FunctionName);
    await setConcurrency(context, FunctionName, properties);
    return { physicalId: FunctionName, attributes: { Arn: await awaitActive(context, FunctionName) } };
  },
  update: async (context, resource, change) => {
    const FunctionName = resource.physicalId;
    const { after, changed } = change;
    if (changesOf(changed, ['Code', 'Architectures'])) {
      await context.call('lambda', 'UpdateFunctionCode', {
        FunctionName,
        ...codeOf(after),
        ...pick(after, ['Architectures']),
      });
      await awaitActive(context, FunctionName);
    }
    if (changesOf(changed, [...Object.keys(CONFIGURATION), 'Layers'])) {
      await context.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, ...configurationOf(change) });
      await awaitActive(context, FunctionName);
    }
    if (changed.has('ReservedConcurrentExecutions')) await setConcurrency(context, FunctionName, after);
    await setTags(context, resource.attributes['Arn'], change);
    return resource;
  },
  delete: (context, resource) =>
    ignoreGone(context.call('lambda', 'DeleteFunction', { FunctionName: resource.physicalId })),
};

function codeOf(properties: JsonObject): LooseInput {
  const code = properties['Code'];
  if (!isJsonObject(code)) throw new Error('Property Code is required.');
  const source = code['ZipFile'];
  return source === undefined ? code : { ...code, ZipFile: zipOneFile('index.js', String(source)) };
}

function configurationOf({ after, changed }: PropertyChange): LooseInput {
  const taken = Object.keys(CONFIGURATION).filter((name) => changed.has(name) && after[name] === undefined);
  const absent = Object.fromEntries(
    taken.flatMap((name) => (CONFIGURATION[name] === null ? [] : [[name, CONFIGURATION[name]]])),
  );
  const layers = changed.has('Layers') ? { Layers: after['Layers'] ?? [] } : {};
  return { ...pick(after, Object.keys(CONFIGURATION)), ...absent, ...layers };
}

async function setConcurrency(context: ResourceContext, FunctionName: string, properties: JsonObject): Promise<void> {
  const reserved = properties['ReservedConcurrentExecutions'];
  if (reserved !== undefined)
    await context.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: reserved });
  else if (context.rememberedId !== undefined)
    await ignoreGone(context.call('lambda', 'DeleteFunctionConcurrency', { FunctionName }));
}

async function awaitActive(context: ResourceContext, FunctionName: string): Promise<string> {
  return context.until(async () => {
    const { State, LastUpdateStatus, StateReason, FunctionArn } = await context.call(
      'lambda',
      'GetFunctionConfiguration',
      {
        FunctionName,
      },
    );
    if (State === 'Failed' || LastUpdateStatus === 'Failed')
      throw new Error(`The function did not become active: ${StateReason}`);
    return State === 'Pending' || LastUpdateStatus === 'InProgress' ? undefined : FunctionArn;
  });
}

async function setTags(context: ResourceContext, Resource: unknown, change: PropertyChange): Promise<void> {
  const { set, removed } = tagChange(change);
  const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
  if (set.length > 0) await context.call('lambda', 'TagResource', { Resource, Tags });
  if (removed.length > 0) await context.call('lambda', 'UntagResource', { Resource, TagKeys: removed });
}
