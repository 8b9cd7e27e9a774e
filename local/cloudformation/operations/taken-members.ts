import type { Handler, Handlers } from '../../core/service.ts';
import { validationError } from '../template/validation-error.ts';

const TEMPLATE = ['TemplateBody', 'TemplateURL'];
const CONFIGURATION = [...TEMPLATE, 'Capabilities', 'DeploymentConfig', 'Parameters', 'RoleARN', 'StackName', 'Tags'];
const CHANGE_SET = ['ChangeSetName', 'StackName'];
const PAGE_OF_STACK = ['NextToken', 'StackName'];

/** The members that each operation acts on. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  ContinueUpdateRollback: ['ClientRequestToken', 'ResourcesToSkip', 'RoleARN', 'StackName'],
  CreateChangeSet: [
    ...CONFIGURATION,
    'ChangeSetName',
    'ChangeSetType',
    'ClientToken',
    'Description',
    'ImportExistingResources',
    'IncludeNestedStacks',
    'UsePreviousTemplate',
  ],
  CreateStack: [...CONFIGURATION, 'ClientRequestToken', 'DisableRollback', 'EnableTerminationProtection', 'OnFailure'],
  DeleteChangeSet: CHANGE_SET,
  DeleteStack: ['ClientRequestToken', 'DeletionMode', 'DeploymentConfig', 'RetainResources', 'RoleARN', 'StackName'],
  DescribeChangeSet: [...CHANGE_SET, 'IncludePropertyValues'],
  DescribeEvents: [...PAGE_OF_STACK, 'ChangeSetName', 'Filters'],
  DescribeStackEvents: PAGE_OF_STACK,
  DescribeStackResource: ['LogicalResourceId', 'StackName'],
  DescribeStackResources: ['LogicalResourceId', 'PhysicalResourceId', 'StackName'],
  DescribeStacks: PAGE_OF_STACK,
  ExecuteChangeSet: [...CHANGE_SET, 'ClientRequestToken', 'DisableRollback'],
  GetTemplate: ['StackName', 'TemplateStage'],
  GetTemplateSummary: [...TEMPLATE, 'StackName'],
  ListChangeSets: ['StackName'],
  ListExports: ['NextToken'],
  ListStackResources: PAGE_OF_STACK,
  ListStacks: ['NextToken', 'StackStatusFilter'],
  UpdateStack: [...CONFIGURATION, 'ClientRequestToken', 'DisableRollback', 'UsePreviousTemplate'],
  UpdateTerminationProtection: ['EnableTerminationProtection', 'StackName'],
  ValidateTemplate: TEMPLATE,
};

/** Puts a look at the request before each handler: a member that is not acted on is refused by name. */
export function refuseOtherMembers(handlers: Handlers): Handlers {
  const guarded = Object.entries(handlers).map(([operation, handle]): [string, Handler] => [
    operation,
    (input, context) => {
      refuse(operation, input);
      return handle(input, context);
    },
  ]);
  return Object.fromEntries(guarded);
}

function refuse(operation: string, input: Readonly<Record<string, unknown>>): void {
  const taken = TAKEN[operation] ?? [];
  const other = Object.keys(input).find((name) => !taken.includes(name) && asksForSomething(input[name]));
  if (other !== undefined)
    throw validationError(`${operation}: the member ${other} is not in the local cloud. Leave it out.`);
  const { DeploymentConfig: config } = input;
  if (typeof config !== 'object' || config === null) return;
  if ('Mode' in config && config.Mode === 'EXPRESS')
    throw validationError(
      `${operation}: the mode EXPRESS of DeploymentConfig is not in the local cloud, which does STANDARD.`,
    );
}

/** An absent, false or empty member asks for nothing. */
function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.values(value).some(asksForSomething);
}
