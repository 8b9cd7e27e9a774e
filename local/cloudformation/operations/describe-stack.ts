import type { Parameter, Stack, StackEvent, StackResource, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Configuration, ResourceRecord, StackEventRecord, StackRecord } from '../records.ts';
import { parseTemplate } from '../template/parse-template.ts';

/** A stack as DescribeStacks answers it. */
export function describeStack(stack: StackRecord): Stack {
  const configuration = configurationOf(stack);
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
    ...descriptionOf(configuration),
    Parameters: configuration === undefined ? [] : describeParameters(configuration),
    ...timesOf(stack),
    RollbackConfiguration: {},
    StackStatus: asStackStatus(stack.status),
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DisableRollback: configuration?.disableRollback ?? false,
    NotificationARNs: [],
    Capabilities: (configuration?.capabilities ?? []).map((text) => text as 'CAPABILITY_IAM'),
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      ...(description === undefined ? {} : { Description: description }),
      ...(exportName === undefined ? {} : { ExportName: exportName }),
    })),
    ...(configuration?.roleArn === undefined ? {} : { RoleARN: configuration.roleArn }),
    Tags: [...(configuration?.tags ?? [])],
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** What a stack is, or is becoming when it never was anything. */
export function configurationOf(stack: StackRecord): Configuration | undefined {
  return stack.deployed ?? stack.operation?.target;
}

export function timesOf(stack: StackRecord) {
  return {
    CreationTime: new Date(stack.createdAt),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
  };
}

export function descriptionOf(configuration: Configuration | undefined): { readonly Description?: string } {
  const description = configuration === undefined ? undefined : parseTemplate(configuration.templateBody).description;
  return description === undefined ? {} : { Description: description };
}

export function describeParameters({ parameters }: Configuration): Parameter[] {
  return Object.entries(parameters).map(([name, { given, resolved, noEcho }]) => ({
    ParameterKey: name,
    ParameterValue: noEcho ? '****' : given,
    ...(resolved === undefined ? {} : { ResolvedValue: noEcho ? '****' : resolved }),
  }));
}

/** A resource as DescribeStackResources answers it. */
export function describeResource(stack: StackRecord, record: ResourceRecord): StackResource {
  const physicalId = record.current?.physicalId ?? record.attempt?.incarnation.physicalId;
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: record.logicalId,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceType: record.type,
    Timestamp: new Date(record.changedAt),
    ResourceStatus: record.status as 'CREATE_COMPLETE',
    ...(record.statusReason === undefined ? {} : { ResourceStatusReason: record.statusReason }),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

export function describeEvent(event: StackEventRecord): StackEvent {
  return {
    StackId: event.stackId,
    EventId: event.id,
    StackName: event.stackName,
    LogicalResourceId: event.logicalId,
    ...(event.physicalId === undefined ? {} : { PhysicalResourceId: event.physicalId }),
    ResourceType: event.type,
    Timestamp: new Date(event.at),
    ResourceStatus: event.status as 'CREATE_COMPLETE',
    ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
    ...(event.operationId === undefined ? {} : { OperationId: event.operationId }),
    ...(event.clientRequestToken === undefined ? {} : { ClientRequestToken: event.clientRequestToken }),
  };
}

/** The engine writes AWS's own words. */
export function asStackStatus(status: string): StackStatus {
  return status as StackStatus;
}
