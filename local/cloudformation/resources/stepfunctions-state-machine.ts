import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { LooseInput, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, isJsonObject, type JsonObject } from '../template/json.ts';
import { changesOf, textOf } from './pick.ts';
import { tagChange, tagList } from './tag-change.ts';

const DEFINITION = ['Definition', 'DefinitionS3Location', 'DefinitionString', 'DefinitionSubstitutions'];

/** AWS::StepFunctions::StateMachine. */
export const stepfunctionsStateMachine: ResourceDriver = {
  type: 'AWS::StepFunctions::StateMachine',
  properties: [
    ...DEFINITION,
    'LoggingConfiguration',
    'RoleArn',
    'StateMachineName',
    'StateMachineType',
    'Tags',
    'TracingConfiguration',
  ],
  replaceOn: ['StateMachineName', 'StateMachineType'],
  nameProperty: 'StateMachineName',
  tags: 'list',
  changingAttributes: ['StateMachineRevisionId'],
  create: async (context, properties) => {
    const name = textOf(properties, 'StateMachineName') ?? context.name(80);
    const type = textOf(properties, 'StateMachineType');
    const arn = `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;
    await createOnce(
      context.isRetry,
      context.call('sfn', 'CreateStateMachine', {
        name,
        ...(type === undefined ? {} : { type }),
        ...(await settingsOf(context, properties)),
        tags: tagList(properties),
      }),
    );
    context.remember(arn);
    return describe(context, arn);
  },
  update: async (context, resource, change) => {
    const stateMachineArn = resource.physicalId;
    if (changesOf(change.changed, [...DEFINITION, 'LoggingConfiguration', 'RoleArn', 'TracingConfiguration']))
      await context.call('sfn', 'UpdateStateMachine', {
        stateMachineArn,
        ...(await settingsOf(context, change.after)),
      });
    const { set, removed } = tagChange(change);
    if (set.length > 0) await context.call('sfn', 'TagResource', { resourceArn: stateMachineArn, tags: set });
    if (removed.length > 0)
      await context.call('sfn', 'UntagResource', { resourceArn: stateMachineArn, tagKeys: removed });
    return describe(context, stateMachineArn);
  },
  delete: async (context, resource) => {
    const stateMachineArn = resource.physicalId;
    await ignoreGone(context.call('sfn', 'DeleteStateMachine', { stateMachineArn }));
    await context.until(() => isDeleted(context, stateMachineArn));
  },
};

/** Logging and tracing are always named, so that taking them from the template switches them off. */
async function settingsOf(context: ResourceContext, properties: JsonObject): Promise<LooseInput> {
  return {
    definition: await definitionOf(context, properties),
    roleArn: properties['RoleArn'],
    loggingConfiguration: loggingOf(properties),
    tracingConfiguration: properties['TracingConfiguration'] ?? { enabled: false },
  };
}

function loggingOf(properties: JsonObject): JsonObject {
  const logging = properties['LoggingConfiguration'];
  if (!isJsonObject(logging)) return { level: 'OFF' };
  const { Destinations: destinations, ...rest } = logging;
  return isJsonList(destinations) ? { ...rest, destinations } : rest;
}

async function definitionOf(context: ResourceContext, properties: JsonObject): Promise<string> {
  const text =
    textOf(properties, 'DefinitionString') ?? textOf(properties, 'Definition') ?? (await readS3(context, properties));
  const substitutions = properties['DefinitionSubstitutions'];
  return isJsonObject(substitutions) ? substituteAll(text, substitutions) : text;
}

async function readS3(context: ResourceContext, properties: JsonObject): Promise<string> {
  const location = properties['DefinitionS3Location'];
  if (!isJsonObject(location))
    throw new Error('One of DefinitionString, Definition and DefinitionS3Location is required.');
  const { Bucket, Key, Version: VersionId } = location;
  const { Body } = await context.call('s3', 'GetObject', {
    Bucket,
    Key,
    ...(VersionId === undefined ? {} : { VersionId }),
  });
  return typeof Body === 'string' ? Body : Buffer.from(Body).toString('utf8');
}

/** Only the names that are given are replaced; other `${…}` belong to the definition. */
function substituteAll(text: string, substitutions: JsonObject): string {
  return text.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => {
    const value = substitutions[name.trim()];
    // The value stands inside JSON text, so it is written as JSON writes it.
    return value === undefined ? whole : JSON.stringify(String(value)).slice(1, -1);
  });
}

async function describe(context: ResourceContext, stateMachineArn: string) {
  const { name, revisionId } = await context.call('sfn', 'DescribeStateMachine', { stateMachineArn });
  const attributes = { Arn: stateMachineArn, Name: name, StateMachineRevisionId: revisionId ?? 'INITIAL' };
  return { physicalId: stateMachineArn, attributes };
}

/** A machine with running executions is DELETING until they end. */
async function isDeleted(context: ResourceContext, stateMachineArn: string): Promise<true | undefined> {
  const { stateMachines } = await context.call('sfn', 'ListStateMachines', {});
  const isThere = (stateMachines ?? []).some(
    (machine: { readonly stateMachineArn: string }) => machine.stateMachineArn === stateMachineArn,
  );
  return isThere ? undefined : true;
}
