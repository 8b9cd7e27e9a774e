import type {
  ParameterDeclaration as DescribedParameter,
  GetTemplateInput,
  GetTemplateSummaryInput,
  ValidateTemplateInput,
} from '@aws-sdk/client-cloudformation';
import type { Caller, Handlers } from '../../core/service.ts';
import type { Engine } from '../engine/engine.ts';
import { parseTemplate } from '../template/parse-template.ts';
import type { Template } from '../template/template.ts';
import { configurationOf } from './describe-stack.ts';
import { getStack, getStackInBrackets } from './find-stack.ts';
import { readTemplate } from './read-template.ts';

/** GetTemplate, GetTemplateSummary and ValidateTemplate. */
export function createTemplateHandlers(engine: Engine): Handlers {
  return {
    GetTemplate: (input: GetTemplateInput) => getTemplate(engine, input),
    GetTemplateSummary: (input: GetTemplateSummaryInput, { caller }) => getTemplateSummary(engine, input, caller),
    ValidateTemplate: (input: ValidateTemplateInput, { caller }) => validateTemplate(engine, input, caller),
  };
}

/** Without transforms the processed template is the original. A stack under review has none yet. */
function getTemplate({ store }: Engine, input: GetTemplateInput): object {
  const configuration = configurationOf(getStack(store, input.StackName));
  return {
    ...(configuration === undefined ? {} : { TemplateBody: configuration.templateBody }),
    StagesAvailable: ['Original', 'Processed'],
  };
}

async function getTemplateSummary(engine: Engine, input: GetTemplateSummaryInput, caller: Caller): Promise<object> {
  const deployed =
    input.StackName === undefined ? undefined : configurationOf(getStackInBrackets(engine.store, input.StackName));
  const source = deployed === undefined ? input : { UsePreviousTemplate: true };
  const template = parseTemplate(await readTemplate(engine.cloud, { ...source, caller }, deployed));
  return {
    ...summaryOf(template),
    ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
    ...(template.metadata === undefined ? {} : { Metadata: JSON.stringify(template.metadata) }),
    Version: '2010-09-09',
  };
}

async function validateTemplate(engine: Engine, input: ValidateTemplateInput, caller: Caller): Promise<object> {
  const template = parseTemplate(await readTemplate(engine.cloud, { ...input, caller }, undefined));
  const { Parameters, ...rest } = summaryOf(template);
  return {
    ...rest,
    Parameters: Parameters.map(({ ParameterType: _, ParameterConstraints: __, ...parameter }) => parameter),
  };
}

function summaryOf(template: Template) {
  const iam = Object.values(template.resources).filter(({ type }) => type.startsWith('AWS::IAM::'));
  return {
    Parameters: describeDeclarations(template),
    ...(template.description === undefined ? {} : { Description: template.description }),
    ...(iam.length === 0
      ? {}
      : {
          Capabilities: ['CAPABILITY_NAMED_IAM'],
          CapabilitiesReason: `The following resource(s) require capabilities: [${[...new Set(iam.map(({ type }) => type))].join(', ')}]`,
        }),
  };
}

function describeDeclarations(template: Template): DescribedParameter[] {
  return Object.entries(template.parameters).map(([name, parameter]) => ({
    ParameterKey: name,
    ...(parameter.defaultValue === undefined ? {} : { DefaultValue: parameter.defaultValue }),
    ParameterType: parameter.type,
    NoEcho: parameter.noEcho,
    ...(parameter.description === undefined ? {} : { Description: parameter.description }),
    ParameterConstraints: parameter.allowedValues === undefined ? {} : { AllowedValues: [...parameter.allowedValues] },
  }));
}
