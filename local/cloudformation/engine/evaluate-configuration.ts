import type { Cloud } from '../../core/service.ts';
import type { Configuration } from '../records.ts';
import type { Store } from '../store.ts';
import { evaluateConditions } from '../template/conditions.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { dependenciesOf } from '../template/references.ts';
import type { Scope } from '../template/scope.ts';
import type { Template } from '../template/template.ts';

/** A configuration whose parameters and conditions are settled; resources are looked up through a scope. */
export interface EvaluatedConfiguration {
  readonly template: Template;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** The resources that exist, each with those that it comes after. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly scope: (resource: Scope['resource']) => Scope;
}

/**
 * Parses a configuration's template and evaluates all that needs no resource.
 *
 * @throws AwsError ValidationError
 */
export async function evaluateConfiguration(
  engine: { readonly cloud: Cloud; readonly store: Store },
  stack: { readonly id: string; readonly name: string },
  configuration: Configuration,
): Promise<EvaluatedConfiguration> {
  const template = parseTemplate(configuration.templateBody);
  const facts = {
    parameters: Object.fromEntries(Object.entries(configuration.parameters).map(([name, { value }]) => [name, value])),
    pseudoParameters: pseudoParameters(engine.cloud, stack),
    mappings: template.mappings,
    exports: exportsOf(engine.store),
    zones: configuration.templateBody.includes('Fn::GetAZs') ? await listZones(engine.cloud) : [],
  };
  const conditions = evaluateConditions(template.conditions, facts);
  return {
    template,
    conditions,
    dependencies: dependenciesOf(template, conditions),
    scope: (resource) => ({ ...facts, conditions, resource }),
  };
}

function pseudoParameters(cloud: Cloud, stack: { readonly id: string; readonly name: string }) {
  return {
    'AWS::AccountId': cloud.accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': cloud.partition,
    'AWS::Region': cloud.region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
}

/** What all stacks of the account and region export, by name. */
export function exportsOf(store: Store): Readonly<Record<string, string>> {
  const outputs = store
    .stacks()
    .filter((stack) => stack.status !== 'DELETE_COMPLETE')
    .flatMap((stack) => stack.outputs);
  return Object.fromEntries(
    outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [[exportName, value]])),
  );
}

async function listZones(cloud: Cloud): Promise<readonly string[]> {
  const answer: { readonly AvailabilityZones?: readonly { readonly ZoneName?: string }[] } = await cloud.call(
    'ec2',
    'DescribeAvailabilityZones',
    {},
  );
  return (answer.AvailabilityZones ?? []).flatMap(({ ZoneName }) => (ZoneName === undefined ? [] : [ZoneName])).sort();
}
