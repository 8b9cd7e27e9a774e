import { setTimeout as sleep } from 'node:timers/promises';
import type { PhysicalResource, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { Json, JsonObject } from '../template/json.ts';
import { requiredText } from './pick.ts';
import type { CustomResourceResponse, ResponseListener } from './response-listener.ts';

const LONGEST_WAIT_SECONDS = 3600;

/** AWS::CloudFormation::CustomResource and Custom::*: a function makes, changes and deletes it. */
export function customResource(listener: ResponseListener): ResourceDriver {
  const ask = (context: ResourceContext, request: CustomResourceRequest) => askFunction(listener, context, request);
  return {
    type: 'AWS::CloudFormation::CustomResource',
    properties: ['*'],
    replaceOn: [],
    create: async (context, properties) => {
      const resource = await ask(context, { RequestType: 'Create', properties });
      context.remember(resource.physicalId);
      return resource;
    },
    update: (context, resource, { before, after }) =>
      ask(context, {
        RequestType: 'Update',
        properties: after,
        old: before,
        PhysicalResourceId: resource.physicalId,
      }),
    delete: async (context, resource, properties) => {
      await ask(context, { RequestType: 'Delete', properties, PhysicalResourceId: resource.physicalId });
    },
  };
}

interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly properties: JsonObject;
  readonly old?: JsonObject;
  readonly PhysicalResourceId?: string;
}

async function askFunction(
  listener: ResponseListener,
  context: ResourceContext,
  request: CustomResourceRequest,
): Promise<PhysicalResource> {
  const { url, response, forget } = await listener.expect();
  const timer = new AbortController();
  try {
    const payload = JSON.stringify(eventOf(context, request, url));
    await context.call('lambda', 'Invoke', {
      FunctionName: requiredText(request.properties, 'ServiceToken'),
      InvocationType: 'Event',
      Payload: Buffer.from(payload),
    });
    const seconds = Number(request.properties['ServiceTimeout'] ?? LONGEST_WAIT_SECONDS);
    const timeout = sleep(seconds * 1000, undefined, { signal: timer.signal, ref: false });
    const answer = await Promise.race([response, timeout.catch(() => undefined)]);
    if (answer === undefined)
      throw new Error(`CloudFormation did not receive a response from your Custom Resource within ${seconds} seconds.`);
    return resourceOf(context, request, answer);
  } finally {
    timer.abort();
    forget();
  }
}

/** The request as AWS sends it: every value of the properties is text. */
function eventOf(context: ResourceContext, request: CustomResourceRequest, ResponseURL: string): JsonObject {
  const { RequestType, properties, old, PhysicalResourceId } = request;
  return {
    RequestType,
    ServiceToken: requiredText(properties, 'ServiceToken'),
    ResponseURL,
    StackId: context.stackId,
    // The same for a repeated request, so that a function that minds can tell.
    RequestId: `${context.logicalId}-${context.token}-${RequestType}`,
    LogicalResourceId: context.logicalId,
    ResourceType: context.type,
    ...(PhysicalResourceId === undefined ? {} : { PhysicalResourceId }),
    ResourceProperties: asTexts(properties),
    ...(old === undefined ? {} : { OldResourceProperties: asTexts(old) }),
  };
}

function asTexts(value: Json): Json {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(asTexts);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asTexts(member)]));
}

function resourceOf(
  context: ResourceContext,
  request: CustomResourceRequest,
  answer: CustomResourceResponse,
): PhysicalResource {
  if (answer.Status === 'FAILED')
    throw new Error(`Received response status [FAILED] from custom resource. Message returned: ${answer.Reason ?? ''}`);
  const physicalId = answer.PhysicalResourceId ?? request.PhysicalResourceId ?? context.name(255);
  // What comes from JSON is JSON.
  return { physicalId, attributes: { ...(answer.Data as JsonObject | undefined) } };
}
