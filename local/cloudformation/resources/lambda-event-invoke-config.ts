import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { pick, requiredText } from './pick.ts';

/** AWS::Lambda::EventInvokeConfig. */
export const lambdaEventInvokeConfig: ResourceDriver = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: ['DestinationConfig', 'FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier'],
  replaceOn: ['FunctionName', 'Qualifier'],
  create: async (context, properties) => {
    const physicalId = `${requiredText(properties, 'FunctionName')}|${requiredText(properties, 'Qualifier')}`;
    await put(context, properties);
    context.remember(physicalId);
    return { physicalId, attributes: {} };
  },
  update: async (context, resource, { after }) => {
    await put(context, after);
    return resource;
  },
  delete: (context, _resource, properties) =>
    ignoreGone(context.call('lambda', 'DeleteFunctionEventInvokeConfig', targetOf(properties))),
};

function targetOf(properties: JsonObject): JsonObject {
  // The template must say $LATEST where the API means it by saying nothing.
  const qualifier = properties['Qualifier'] === '$LATEST' ? {} : pick(properties, ['Qualifier']);
  return { ...pick(properties, ['FunctionName']), ...qualifier };
}

async function put(context: ResourceContext, properties: JsonObject): Promise<void> {
  const { FunctionName: _, Qualifier: __, ...settings } = properties;
  await context.call('lambda', 'PutFunctionEventInvokeConfig', { ...targetOf(properties), ...settings });
}
