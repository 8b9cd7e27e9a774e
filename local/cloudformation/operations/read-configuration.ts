import type { Tag } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Caller, Cloud } from '../../core/service.ts';
import { classifyFailure } from '../engine/call-outcome.ts';
import type { Engine } from '../engine/engine.ts';
import { type EvaluatedConfiguration, evaluateConfiguration } from '../engine/evaluate-configuration.ts';
import { stackCaller } from '../engine/stack-caller.ts';
import type { Configuration, StackRecord, StackTag } from '../records.ts';
import { type GivenParameter, resolveParameters } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { checkRules } from '../template/rules.ts';
import { validationError } from '../template/validation-error.ts';
import { readTemplate, type TemplateSource } from './read-template.ts';

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface ConfigurationRequest extends TemplateSource {
  readonly Parameters?: readonly GivenParameter[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly RoleARN?: string | undefined;
  readonly DisableRollback?: boolean | undefined;
  readonly ImportExistingResources?: boolean | undefined;
}

export interface ReadConfiguration {
  readonly configuration: Configuration;
  readonly evaluated: EvaluatedConfiguration;
}

/**
 * Reads and checks all of a request that decides what a stack shall be. What an update leaves out stays as deployed.
 *
 * @throws AwsError ValidationError, InsufficientCapabilitiesException
 */
export async function readConfiguration(
  engine: Engine,
  stack: Pick<StackRecord, 'id' | 'name' | 'deployed'>,
  request: ConfigurationRequest & { readonly caller: Caller },
): Promise<ReadConfiguration> {
  const { deployed } = stack;
  const { caller } = request;
  const templateBody = await readTemplate(engine.cloud, { ...request, caller }, deployed);
  const template = parseTemplate(templateBody);
  const roleArn = request.RoleARN ?? deployed?.roleArn;
  const parameters = await resolveParameters(template.parameters, {
    given: request.Parameters ?? [],
    previous: deployed?.parameters ?? {},
    readSsm: async (name) => readSsmParameter(engine.cloud, name, (await stackCaller(engine, roleArn)) ?? caller),
  });
  const configuration: Configuration = {
    templateBody,
    parameters,
    tags: request.Tags === undefined ? (deployed?.tags ?? []) : request.Tags.map(readTag),
    capabilities: request.Capabilities ?? [],
    disableRollback: request.DisableRollback ?? false,
    ...(request.ImportExistingResources === true ? { importsExisting: true } : {}),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
  const evaluated = await evaluateConfiguration(engine, stack, configuration);
  checkRules(
    template.rules,
    evaluated.scope(() => undefined),
  );
  refuseUnknownTypes(engine, evaluated);
  checkCapabilities(evaluated, configuration.capabilities);
  return { configuration, evaluated };
}

function readTag({ Key, Value }: Tag): StackTag {
  if (Key === undefined || Value === undefined) throw validationError('A tag needs Key and Value.');
  return { Key, Value };
}

async function readSsmParameter(cloud: Cloud, name: string, caller: Caller): Promise<string | undefined> {
  try {
    const answer: { readonly Parameter?: { readonly Value?: string } } = await cloud.call(
      'ssm',
      'GetParameter',
      { Name: name },
      caller,
    );
    return answer.Parameter?.Value;
  } catch (error) {
    if (classifyFailure(error) === 'gone') return undefined;
    throw error;
  }
}

function presentTypes({ template, dependencies }: EvaluatedConfiguration): readonly string[] {
  return [...new Set([...dependencies.keys()].map((logicalId) => template.resources[logicalId]?.type ?? ''))];
}

function refuseUnknownTypes(engine: Engine, evaluated: EvaluatedConfiguration): void {
  const unknown = presentTypes(evaluated).filter((type) => engine.findDriver(type) === undefined);
  if (unknown.length > 0)
    throw validationError(
      `Template format error: Unrecognized resource types: [${unknown.sort().join(', ')}]; they are not in the local cloud.`,
    );
}

const NAMES_OF_IAM: Readonly<Record<string, string>> = {
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': '',
  'AWS::IAM::Role': 'RoleName',
};

/** What changes who may do what must be asked for twice, and more loudly under a name of one's own. */
function checkCapabilities(evaluated: EvaluatedConfiguration, capabilities: readonly string[]): void {
  const resources = [...evaluated.dependencies.keys()].map((logicalId) => evaluated.template.resources[logicalId]);
  const iam = resources.filter((resource) => resource !== undefined && resource.type in NAMES_OF_IAM);
  const isNamed = iam.some((resource) => resource && (NAMES_OF_IAM[resource.type] ?? '') in resource.properties);
  const needed = isNamed ? ['CAPABILITY_NAMED_IAM'] : ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'];
  if (iam.length === 0 || needed.some((capability) => capabilities.includes(capability))) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${needed[0]}]`);
}
