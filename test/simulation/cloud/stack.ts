import { resolve } from '../../../local/cloudformation/template/intrinsics.ts';
import type { Json } from '../../../local/cloudformation/template/json.ts';
import type { ReferencedResource, Scope } from '../../../local/cloudformation/template/scope.ts';
import { type Resource, resourcesOf, synthesize } from '../../template/synthesize.ts';
import { simulatedPlace } from '../contract.ts';

/** What the simulation takes from the synthesized template: plain data, so that threads can share it. */
export interface SimulatedStack {
  readonly functions: readonly StackFunction[];
  readonly machines: readonly StackMachine[];
  readonly rules: readonly StackRule[];
}

export interface StackFunction {
  /** As in the table of functions. */
  readonly name: string;
  readonly arn: string;
  readonly timeoutMs: number;
  readonly retryAttempts: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface StackMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** JSON text. */
  readonly definition: string;
}

export interface StackRule {
  readonly name: string;
  /** JSON text. */
  readonly pattern?: string;
  readonly schedule?: string;
  readonly targets: readonly { readonly arn: string; readonly input?: string }[];
}

const { accountId, region, clusterArn, tableName } = simulatedPlace;

/** Synthesizes the stack and resolves what functions, machines and rules say of each other, as a deployment would. */
export function readStack(): SimulatedStack {
  const template = synthesizeFast();
  const resources = new Map(Object.entries<Omit<Resource, 'logicalId'>>(template.toJSON()['Resources']));
  const scope = scopeOf(resources);
  const properties = ({ Properties }: Resource) => Object(resolve(Properties, scope));
  const retries = new Map(
    resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').map((resource) => {
      const { FunctionName, MaximumRetryAttempts } = properties(resource);
      return [FunctionName, MaximumRetryAttempts];
    }),
  );
  return {
    functions: resourcesOf(template, 'AWS::Lambda::Function').flatMap((resource) => {
      const name = /^Functions([A-Za-z0-9]+)[0-9A-F]{8}$/.exec(resource.logicalId)?.[1];
      if (name === undefined) return [];
      const { Timeout, Environment } = properties(resource);
      return [
        {
          name,
          arn: functionArn(resource.logicalId),
          timeoutMs: Timeout * 1000,
          retryAttempts: retries.get(resource.logicalId) ?? 2,
          environment: Environment?.Variables ?? {},
        },
      ];
    }),
    machines: resourcesOf(template, 'AWS::StepFunctions::StateMachine').map((resource) => {
      const { Definition, DefinitionSubstitutions, RoleArn, StateMachineName } = properties(resource);
      return {
        arn: machineArn(StateMachineName),
        name: StateMachineName,
        roleArn: RoleArn,
        definition: fill(JSON.stringify(Definition), DefinitionSubstitutions ?? {}),
      };
    }),
    rules: resourcesOf(template, 'AWS::Events::Rule').map((resource) => {
      const { EventPattern, ScheduleExpression, Targets } = properties(resource);
      return {
        name: resource.logicalId,
        ...(EventPattern === undefined ? {} : { pattern: JSON.stringify(EventPattern) }),
        ...(ScheduleExpression === undefined ? {} : { schedule: ScheduleExpression }),
        targets: Targets.map(({ Arn, Input }: { Arn: string; Input?: string }) => ({
          arn: Arn,
          ...(Input === undefined ? {} : { input: Input }),
        })),
      };
    }),
  };
}

/** Without CDK's validation of the template, which the template's own tests have. */
function synthesizeFast(): ReturnType<typeof synthesize> {
  const before = process.env['CDK_VALIDATION'];
  process.env['CDK_VALIDATION'] = 'false';
  try {
    return synthesize();
  } finally {
    if (before === undefined) delete process.env['CDK_VALIDATION'];
    else process.env['CDK_VALIDATION'] = before;
  }
}

function fill(definition: string, substitutions: Readonly<Record<string, string>>): string {
  return definition.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) => substitutions[name] ?? placeholder);
}

function scopeOf(resources: ReadonlyMap<string, Omit<Resource, 'logicalId'>>): Scope {
  return {
    parameters: {},
    pseudoParameters: {
      'AWS::AccountId': accountId,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': 'Warden',
      'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/Warden/1`,
      'AWS::NotificationARNs': [],
    },
    mappings: {},
    conditions: {},
    exports: {},
    zones: [`${region}a`, `${region}b`, `${region}c`],
    resource(logicalId) {
      const resource = resources.get(logicalId);
      return resource === undefined ? undefined : identityOf(logicalId, resource);
    },
  };
}

/** The names that a deployment would give: those that the simulation meets are as AWS forms them. */
function identityOf(logicalId: string, { Type, Properties }: Omit<Resource, 'logicalId'>): ReferencedResource {
  const known = (physicalId: string, arn: string): ReferencedResource => ({
    status: 'known',
    physicalId,
    attributes: new Proxy({ Arn: arn } as Record<string, Json>, {
      get: (attributes, name) => Reflect.get(attributes, name) ?? `${logicalId}.${String(name)}`,
    }),
  });
  switch (Type) {
    case 'AWS::Lambda::Function':
      return known(logicalId, functionArn(logicalId));
    case 'AWS::StepFunctions::StateMachine': {
      const arn = machineArn(Properties.StateMachineName);
      return known(arn, arn);
    }
    case 'AWS::ECS::Cluster':
      return known('Warden', clusterArn);
    case 'AWS::DynamoDB::Table':
      return known(tableName, `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}`);
    default:
      return known(logicalId, `arn:aws:simulated:${region}:${accountId}:${logicalId}`);
  }
}

function functionArn(logicalId: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${logicalId}`;
}

function machineArn(name: string): string {
  return `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;
}
