import type {
  DescribeEventsInput,
  DescribeStackEventsInput,
  DescribeStackResourceInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  ListExportsInput,
  ListStackResourcesInput,
  ListStacksInput,
} from '@aws-sdk/client-cloudformation';
import type { Handlers } from '../../core/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { ResourceRecord, StackRecord } from '../records.ts';
import { validationError } from '../template/validation-error.ts';
import {
  asStackStatus,
  configurationOf,
  describeEvent,
  describeResource,
  describeStack,
  descriptionOf,
  timesOf,
} from './describe-stack.ts';
import { getStack, getStackInBrackets } from './find-stack.ts';
import { page } from './page.ts';

/** The operations that only look. */
export function createDescribeHandlers(engine: Engine): Handlers {
  return {
    DescribeStacks: (input: DescribeStacksInput) => describeStacks(engine, input),
    ListStacks: (input: ListStacksInput) => listStacks(engine, input),
    DescribeStackEvents: (input: DescribeStackEventsInput) => describeStackEvents(engine, input),
    DescribeEvents: (input: DescribeEventsInput) => describeEvents(engine, input),
    DescribeStackResource: (input: DescribeStackResourceInput) => describeStackResource(engine, input),
    DescribeStackResources: (input: DescribeStackResourcesInput) => describeStackResources(engine, input),
    ListStackResources: (input: ListStackResourcesInput) => listStackResources(engine, input),
    ListExports: (input: ListExportsInput) => listExports(engine, input),
  };
}

function describeStacks({ store }: Engine, input: DescribeStacksInput): object {
  if (input.StackName !== undefined) return { Stacks: [describeStack(getStack(store, input.StackName))] };
  const existing = store.stacks().filter(({ status }) => status !== 'DELETE_COMPLETE');
  const { items, nextToken } = page(existing, ({ id }) => id, input.NextToken);
  return { Stacks: items.map(describeStack), ...nextToken };
}

function listStacks({ store }: Engine, input: ListStacksInput): object {
  const wanted = new Set<string>(input.StackStatusFilter ?? []);
  const chosen = store.stacks().filter(({ status }) => wanted.size === 0 || wanted.has(status));
  const { items, nextToken } = page(chosen, ({ id }) => id, input.NextToken);
  return { StackSummaries: items.map(summarize), ...nextToken };
}

function summarize(stack: StackRecord) {
  const { Description } = descriptionOf(configurationOf(stack));
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(Description === undefined ? {} : { TemplateDescription: Description }),
    ...timesOf(stack),
    StackStatus: asStackStatus(stack.status),
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function describeStackEvents({ store }: Engine, input: DescribeStackEventsInput): object {
  const stack = getStackInBrackets(store, input.StackName);
  const { items, nextToken } = page(store.events(stack.id), ({ id }) => id, input.NextToken);
  return { StackEvents: items.map(describeEvent), ...nextToken };
}

/** The CLI asks why a change set failed. Whatever fails one here is refused or stands in its StatusReason. */
function describeEvents({ store }: Engine, input: DescribeEventsInput): object {
  const stack = getStackInBrackets(store, input.StackName);
  if (input.ChangeSetName !== undefined) return { OperationEvents: [] };
  const isWanted = ({ status }: { readonly status: string }) =>
    input.Filters?.FailedEvents !== true || status.endsWith('_FAILED');
  const { items, nextToken } = page(store.events(stack.id).filter(isWanted), ({ id }) => id, input.NextToken);
  return {
    OperationEvents: items.map((event) => {
      const { StackName: _, ...rest } = describeEvent(event);
      return { ...rest, EventType: 'STACK_EVENT' };
    }),
    ...nextToken,
  };
}

function describeStackResource({ store }: Engine, input: DescribeStackResourceInput): object {
  const stack = getStack(store, input.StackName);
  const record = input.LogicalResourceId === undefined ? undefined : store.resource(stack.id, input.LogicalResourceId);
  if (record === undefined)
    throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
  const { Timestamp, ...rest } = describeResource(stack, record);
  return {
    StackResourceDetail: {
      ...rest,
      LastUpdatedTimestamp: Timestamp,
      ...(record.metadata === undefined ? {} : { Metadata: record.metadata }),
    },
  };
}

function describeStackResources({ store }: Engine, input: DescribeStackResourcesInput): object {
  const found = input.StackName === undefined ? ownerOf(store, input.PhysicalResourceId) : undefined;
  const stack = found ?? getStack(store, input.StackName);
  const physicalIdOf = ({ current }: ResourceRecord) => current?.physicalId;
  const chosen = store
    .resources(stack.id)
    .filter(({ logicalId }) => input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId)
    .filter((record) => input.PhysicalResourceId === undefined || physicalIdOf(record) === input.PhysicalResourceId);
  return { StackResources: chosen.map((record) => describeResource(stack, record)) };
}

function ownerOf(store: Engine['store'], physicalId: string | undefined): StackRecord {
  const owner = store
    .stacks()
    .find(({ id }) => store.resources(id).some(({ current }) => current?.physicalId === physicalId));
  if (owner === undefined || physicalId === undefined) throw validationError(`Stack for ${physicalId} does not exist`);
  return owner;
}

function listStackResources({ store }: Engine, input: ListStackResourcesInput): object {
  const stack = getStack(store, input.StackName);
  const { items, nextToken } = page(store.resources(stack.id), ({ logicalId }) => logicalId, input.NextToken);
  return {
    StackResourceSummaries: items.map((record) => {
      const { StackName: _, StackId: __, Timestamp, ...rest } = describeResource(stack, record);
      return { ...rest, LastUpdatedTimestamp: Timestamp };
    }),
    ...nextToken,
  };
}

function listExports({ store }: Engine, input: ListExportsInput): object {
  const exported = store
    .stacks()
    .filter(({ status }) => status !== 'DELETE_COMPLETE')
    .flatMap(({ id, outputs }) =>
      outputs.flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ ExportingStackId: id, Name: exportName, Value: value }],
      ),
    );
  const { items, nextToken } = page(exported, ({ Name }) => Name, input.NextToken);
  return { Exports: [...items], ...nextToken };
}
