import type { ServiceName } from '../../core/service.ts';
import { CATALOG } from '../../wire/catalog.ts';
import { findOperation, type Operation, type ServiceModule } from '../../wire/operation.ts';
import type { CallPattern, TaskResource } from '../interpreter/task-resource.ts';

/** Where calls of an integration go, and how its errors are named. */
export interface Integration {
  readonly service: ServiceName;
  readonly operation: string;
  /** What stands before the dot of an error name. */
  readonly errorPrefix: string;
  /** The name of errors that the service does not model. */
  readonly unmodeledError: string;
}

type IntegrationResource = Extract<TaskResource, { type: 'integration' }>;

interface OptimizedService {
  readonly service: ServiceName;
  readonly errorPrefix: string;
  readonly unmodeledError: string;
  readonly actions: Readonly<Record<string, readonly CallPattern[]>>;
}

/** The optimized integrations. Source: Step Functions developer guide, optimized services. */
const optimizedServices: Readonly<Record<string, OptimizedService>> = {
  lambda: {
    service: 'lambda',
    errorPrefix: 'Lambda',
    unmodeledError: 'AWSLambdaException',
    actions: { invoke: ['request', 'token'] },
  },
  states: {
    service: 'sfn',
    errorPrefix: 'StepFunctions',
    unmodeledError: 'AWSStepFunctionsException',
    actions: { startExecution: ['request', 'token', 'sync'] },
  },
  dynamodb: {
    service: 'dynamodb',
    errorPrefix: 'DynamoDB',
    unmodeledError: 'AmazonDynamoDBException',
    actions: { getItem: ['request'], putItem: ['request'], updateItem: ['request'], deleteItem: ['request'] },
  },
  events: {
    service: 'events',
    errorPrefix: 'EventBridge',
    unmodeledError: 'AmazonEventBridgeException',
    actions: { putEvents: ['request', 'token'] },
  },
  sqs: {
    service: 'sqs',
    errorPrefix: 'SQS',
    unmodeledError: 'AmazonSQSException',
    actions: { sendMessage: ['request', 'token'] },
  },
};

/** The services of `aws-sdk:*`, by their names in the SDK for Java 2, with the prefix of their errors. */
const sdkServices: Readonly<Record<string, readonly [ServiceName, string]>> = {
  apigatewayv2: ['apigatewayv2', 'ApiGatewayV2'],
  autoscaling: ['autoscaling', 'AutoScaling'],
  cloudformation: ['cloudformation', 'CloudFormation'],
  cloudwatchlogs: ['logs', 'CloudWatchLogs'],
  dynamodb: ['dynamodb', 'DynamoDb'],
  ec2: ['ec2', 'Ec2'],
  ecs: ['ecs', 'Ecs'],
  eventbridge: ['events', 'EventBridge'],
  iam: ['iam', 'Iam'],
  lambda: ['lambda', 'Lambda'],
  s3: ['s3', 'S3'],
  secretsmanager: ['secretsmanager', 'SecretsManager'],
  sfn: ['sfn', 'Sfn'],
  sqs: ['sqs', 'Sqs'],
  ssm: ['ssm', 'Ssm'],
  sts: ['sts', 'Sts'],
};

/** The integration that a resource names; a text when there is none, which says what there is. */
export function findIntegration(resource: IntegrationResource): Integration | string {
  return resource.sdk ? findSdkIntegration(resource) : findOptimizedIntegration(resource);
}

function findOptimizedIntegration({ service, action, resource, pattern }: IntegrationResource): Integration | string {
  const optimized = Object.hasOwn(optimizedServices, service) ? optimizedServices[service] : undefined;
  if (optimized === undefined) return notThere(`the service '${service}'`, Object.keys(optimizedServices));
  const patterns = Object.hasOwn(optimized.actions, action) ? optimized.actions[action] : undefined;
  if (patterns === undefined) return notThere(`the action '${service}:${action}'`, Object.keys(optimized.actions));
  if (!patterns.includes(pattern)) return notThere(`the pattern of '${service}:${resource}'`, patterns);
  return { ...optimized, operation: pascalCase(action) };
}

function findSdkIntegration({ service, action, pattern }: IntegrationResource): Integration | string {
  const known = Object.hasOwn(sdkServices, service) ? sdkServices[service] : undefined;
  if (known === undefined) return notThere(`the service 'aws-sdk:${service}'`, Object.keys(sdkServices));
  if (pattern === 'sync') return notThere(`the pattern of 'aws-sdk:${service}:${action}'`, ['request', 'token']);
  const [name, prefix] = known;
  return { service: name, operation: pascalCase(action), errorPrefix: prefix, unmodeledError: `${prefix}Exception` };
}

function notThere(what: string, there: readonly string[]): string {
  return `${what} is not integrated in the local cloud; there are ${there.join(', ')}`;
}

/** `putItem` → `PutItem`. */
export function pascalCase(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

const modules = new Map<ServiceName, Promise<ServiceModule>>();

/** A service's client, loaded at its first use and kept. */
function loadModule(service: ServiceName): Promise<ServiceModule> {
  const known = modules.get(service) ?? CATALOG[service].load();
  modules.set(service, known);
  return known;
}

/** The SDK's description of an integration's operation. */
export async function loadOperation(
  integration: Integration,
): Promise<{ readonly module: ServiceModule; readonly operation: Operation | undefined }> {
  const module = await loadModule(integration.service);
  return { module, operation: findOperation(module, integration.operation) };
}

/** What is wrong with a resource; undefined when its calls can be made. */
export async function resourceFault(resource: TaskResource): Promise<string | undefined> {
  if (resource.type === 'function') return undefined;
  const integration = findIntegration(resource);
  if (typeof integration === 'string') return integration;
  const { operation } = await loadOperation(integration);
  return operation === undefined ? `${integration.service} has no operation '${integration.operation}'` : undefined;
}
