import type {
  CreateStateMachineInput,
  DeleteStateMachineInput,
  DescribeStateMachineInput,
  ListStateMachinesInput,
  UpdateStateMachineInput,
  ValidateStateMachineDefinitionInput,
} from '@aws-sdk/client-sfn';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import { checkMachineRole } from './check-role.ts';
import { inspectDefinition } from './inspect-definition.ts';
import type { Machines } from './machines.ts';
import { checkName } from './names.ts';
import { takePage } from './page.ts';
import type { LoggingConfiguration, StateMachine } from './state-machine.ts';

/** The operations on state machines. */
export function createMachineHandlers(cloud: Cloud, machines: Machines): Handlers {
  return {
    CreateStateMachine: (input: CreateStateMachineInput) => createMachine(cloud, machines, input),
    UpdateStateMachine: (input: UpdateStateMachineInput) => updateMachine(cloud, machines, input),
    DeleteStateMachine: async (input: DeleteStateMachineInput) => {
      await machines.delete(input.stateMachineArn ?? '');
      return {};
    },
    DescribeStateMachine: (input: DescribeStateMachineInput) => describeMachine(machines, input),
    ListStateMachines: (input: ListStateMachinesInput) => listMachines(machines, input),
    ValidateStateMachineDefinition: (input: ValidateStateMachineDefinitionInput) => validate(input),
  };
}

async function createMachine(cloud: Cloud, machines: Machines, input: CreateStateMachineInput): Promise<object> {
  refuseMembers(input, {
    operation: 'sfn CreateStateMachine',
    members: ['name', 'definition', 'roleArn', 'type', 'loggingConfiguration', 'tracingConfiguration', 'tags'],
  });
  const name = checkName(input.name ?? '');
  if (input.type !== undefined && input.type !== 'STANDARD') {
    throw new AwsError('StateMachineTypeNotSupported', `The type ${input.type} is not done; STANDARD is.`);
  }
  const definition = await checkDefinition(input.definition ?? '');
  const wanted = {
    name,
    roleArn: checkRoleArn(input.roleArn ?? ''),
    loggingConfiguration: checkLogging(input.loggingConfiguration),
    tracingConfiguration: { enabled: input.tracingConfiguration?.enabled ?? false },
  };
  const stateMachineArn = machines.arnOf(name);
  await checkMachineRole(cloud, { ...wanted, definition, stateMachineArn });
  const known = machines.get(stateMachineArn);
  if (known === undefined) {
    const machine = machines.create({ ...wanted, definition, tags: input.tags ?? [] });
    return { stateMachineArn: machine.stateMachineArn, creationDate: new Date(machine.createdAt) };
  }
  if (!isSameMachine(machines, known, { ...wanted, definition })) {
    throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${known.stateMachineArn}'`);
  }
  return { stateMachineArn: known.stateMachineArn, creationDate: new Date(known.createdAt) };
}

/** Creating is idempotent in these members. Source: Step Functions API, CreateStateMachine. */
function isSameMachine(
  machines: Machines,
  known: StateMachine,
  wanted: Pick<StateMachine, 'loggingConfiguration' | 'tracingConfiguration'> & { readonly definition: string },
): boolean {
  const { loggingConfiguration: logging, tracingConfiguration: tracing } = known;
  return (
    known.status === 'ACTIVE' &&
    machines.definitionOf(known) === wanted.definition &&
    JSON.stringify([logging, tracing]) === JSON.stringify([wanted.loggingConfiguration, wanted.tracingConfiguration])
  );
}

async function updateMachine(cloud: Cloud, machines: Machines, input: UpdateStateMachineInput): Promise<object> {
  const members = ['stateMachineArn', 'definition', 'roleArn', 'loggingConfiguration', 'tracingConfiguration'];
  refuseMembers(input, { operation: 'sfn UpdateStateMachine', members });
  const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
  const machine = machines.find(input.stateMachineArn ?? '');
  if ([definition, roleArn, loggingConfiguration, tracingConfiguration].every((member) => member === undefined)) {
    throw new AwsError('MissingRequiredParameter', `At least one of ${members.slice(1).join(', ')} is needed.`);
  }
  if (machine.status === 'DELETING') {
    throw new AwsError('StateMachineDeleting', `State Machine Is Deleting: '${machine.stateMachineArn}'`);
  }
  const change = {
    ...(definition === undefined ? {} : { definition: await checkDefinition(definition) }),
    ...(roleArn === undefined ? {} : { roleArn: checkRoleArn(roleArn) }),
    ...(loggingConfiguration === undefined ? {} : { loggingConfiguration: checkLogging(loggingConfiguration) }),
    ...(tracingConfiguration === undefined
      ? {}
      : { tracingConfiguration: { enabled: tracingConfiguration.enabled ?? false } }),
  };
  await checkMachineRole(cloud, { ...machine, definition: machines.definitionOf(machine), ...change });
  const updated = machines.update(machines.find(machine.stateMachineArn), change);
  return { updateDate: new Date(updated.updatedAt), revisionId: updated.revisionId };
}

function describeMachine(machines: Machines, input: DescribeStateMachineInput): object {
  // What `includedData` would leave out is encrypted data, which there is none of.
  const machine = machines.find(input.stateMachineArn ?? '');
  const { stateMachineArn, name, status, roleArn, revisionId, loggingConfiguration, tracingConfiguration } = machine;
  return {
    stateMachineArn,
    name,
    status,
    definition: machines.definitionOf(machine),
    roleArn,
    type: 'STANDARD',
    creationDate: new Date(machine.createdAt),
    loggingConfiguration,
    tracingConfiguration,
    revisionId,
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
  };
}

function listMachines(machines: Machines, input: ListStateMachinesInput): object {
  const { items, nextToken } = takePage(machines.all(), input);
  const stateMachines = items.map(({ stateMachineArn, name, createdAt }) => ({
    stateMachineArn,
    name,
    type: 'STANDARD',
    creationDate: new Date(createdAt),
  }));
  return { stateMachines, ...(nextToken === undefined ? {} : { nextToken }) };
}

async function validate(input: ValidateStateMachineDefinitionInput): Promise<object> {
  if (input.type === 'EXPRESS') {
    throw new AwsError('ValidationException', 'The type EXPRESS is not done; STANDARD is.');
  }
  const diagnostics = await inspectDefinition(input.definition ?? '');
  const wanted = diagnostics.filter(({ severity }) => input.severity !== 'ERROR' || severity === 'ERROR');
  const shown = wanted.slice(0, input.maxResults || 100);
  const isBad = diagnostics.some(({ severity }) => severity === 'ERROR');
  return { result: isBad ? 'FAIL' : 'OK', diagnostics: shown, truncated: shown.length < wanted.length };
}

async function checkDefinition(definition: string): Promise<string> {
  const diagnostics = await inspectDefinition(definition);
  if (diagnostics.length === 0) return definition;
  const faults = diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${faults.join(', ')}'`);
}

function checkRoleArn(roleArn: string): string {
  if (/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/.+$/.test(roleArn)) return roleArn;
  throw new AwsError('InvalidArn', `Invalid Role Arn: '${roleArn}'; arn:aws:iam::<account>:role/<name> is needed.`);
}

function checkLogging(configuration: LoggingInput | undefined): LoggingConfiguration {
  const { level = 'OFF', includeExecutionData = false, destinations = [] } = configuration ?? {};
  const groups = destinations.map(({ cloudWatchLogsLogGroup: group }) => group?.logGroupArn ?? '');
  if (
    groups.length > 1 ||
    groups.some((arn) => !/:log-group:[^:]+/.test(arn)) ||
    (level !== 'OFF' && groups.length === 0)
  ) {
    const given = JSON.stringify(configuration);
    throw new AwsError('InvalidLoggingConfiguration', `${given}: one log group is needed unless the level is OFF.`);
  }
  const stored = groups.map((logGroupArn) => ({ cloudWatchLogsLogGroup: { logGroupArn } }));
  return { level, includeExecutionData, ...(stored.length === 0 ? {} : { destinations: stored }) };
}

type LoggingInput = NonNullable<CreateStateMachineInput['loggingConfiguration']>;
