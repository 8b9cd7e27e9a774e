import { randomUUID } from 'node:crypto';
import type {
  CreateChangeSetInput,
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  DescribeChangeSetOutput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
  ListChangeSetsOutput,
  ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Handlers } from '../../core/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { ChangeSetRecord } from '../records.ts';
import { createChangeSet } from './create-change-set.ts';
import { describeParameters } from './describe-stack.ts';
import { getStack, getStackInBrackets, isInProgress } from './find-stack.ts';
import type { Runner } from './runner.ts';

/** CreateChangeSet, DescribeChangeSet, ListChangeSets, ExecuteChangeSet and DeleteChangeSet. */
export function createChangeSetHandlers(engine: Engine, runner: Runner): Handlers {
  return {
    CreateChangeSet: (input: CreateChangeSetInput, { caller }) => createChangeSet(engine, input, caller),
    DescribeChangeSet: (input: DescribeChangeSetInput) => describeChangeSet(engine, input),
    ListChangeSets: (input: ListChangeSetsInput) => listChangeSets(engine, input),
    ExecuteChangeSet: (input: ExecuteChangeSetInput) => executeChangeSet(engine, runner, input),
    DeleteChangeSet: (input: DeleteChangeSetInput) => deleteChangeSet(engine, input),
  };
}

function describeChangeSet(engine: Engine, input: DescribeChangeSetInput): DescribeChangeSetOutput {
  const changeSet = getChangeSet(engine, input);
  const { configuration } = changeSet;
  return {
    ...summaryOf(changeSet),
    Parameters: describeParameters(configuration),
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: configuration.capabilities.map(asCapability),
    Tags: [...configuration.tags],
    Changes: changeSet.changes.map((change) =>
      input.IncludePropertyValues === true || change.ResourceChange === undefined
        ? change
        : { ...change, ResourceChange: withoutValues(change.ResourceChange) },
    ),
  };
}

function withoutValues(change: ResourceChange): ResourceChange {
  return {
    ...change,
    Details: (change.Details ?? []).map(({ Target, ...detail }) => {
      const { BeforeValue: _, AfterValue: __, Path: ___, AttributeChangeType: ____, ...target } = Target ?? {};
      return { ...detail, Target: target };
    }),
  };
}

function summaryOf(changeSet: ChangeSetRecord) {
  return {
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    Status: changeSet.status,
    ...(changeSet.statusReason === undefined ? {} : { StatusReason: changeSet.statusReason }),
    ExecutionStatus: changeSet.executionStatus,
    ...(changeSet.description === undefined ? {} : { Description: changeSet.description }),
    CreationTime: new Date(changeSet.createdAt),
    IncludeNestedStacks: changeSet.includeNestedStacks,
  };
}

function listChangeSets(engine: Engine, input: ListChangeSetsInput): ListChangeSetsOutput {
  const stack = getStackInBrackets(engine.store, input.StackName);
  return { Summaries: engine.store.changeSets(stack.id).map(summaryOf) };
}

/** What is executed is no longer there to be executed again, and what was planned beside it is out of date. */
function executeChangeSet(engine: Engine, runner: Runner, input: ExecuteChangeSetInput): object {
  const changeSet = getChangeSet(engine, input);
  const stack = getStack(engine.store, changeSet.stackId);
  const token = input.ClientRequestToken;
  if (token !== undefined && stack.lastRequestToken === token) return {};
  if (changeSet.executionStatus !== 'AVAILABLE' || isInProgress(stack))
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.executionStatus}], stack ${stack.status}`,
    );
  const isCreate = changeSet.type === 'CREATE';
  const disableRollback = input.DisableRollback ?? changeSet.configuration.disableRollback;
  const status = isCreate ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS';
  runner.begin(
    { ...stack, changeSetId: changeSet.id },
    {
      id: randomUUID(),
      type: isCreate ? 'create' : 'update',
      phase: 'apply',
      target: { ...changeSet.configuration, disableRollback },
      ...(token === undefined ? {} : { clientRequestToken: token }),
    },
    { status, reason: 'User Initiated' },
  );
  for (const other of engine.store.changeSets(stack.id)) engine.store.removeChangeSet(other.id);
  return {};
}

function deleteChangeSet(engine: Engine, input: DeleteChangeSetInput): object {
  const found = findChangeSet(engine, input);
  if (found !== undefined) engine.store.removeChangeSet(found.id);
  return {};
}

type Capability = 'CAPABILITY_AUTO_EXPAND' | 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM';

/** The SDK types the texts that it itself sent. */
function asCapability(text: string): Capability {
  return text as Capability;
}

/** By id, or by name together with its stack. */
function getChangeSet(
  engine: Engine,
  input: { readonly ChangeSetName: string | undefined; readonly StackName?: string | undefined },
): ChangeSetRecord {
  const found = findChangeSet(engine, input);
  if (found === undefined)
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${input.ChangeSetName}] does not exist`, 404);
  return found;
}

function findChangeSet(
  engine: Engine,
  input: { readonly ChangeSetName: string | undefined; readonly StackName?: string | undefined },
): ChangeSetRecord | undefined {
  const name = input.ChangeSetName ?? '';
  if (name.startsWith('arn:'))
    return engine.store
      .stacks()
      .flatMap(({ id }) => engine.store.changeSets(id))
      .find(({ id }) => id === name);
  const stack = getStackInBrackets(engine.store, input.StackName);
  return engine.store.changeSets(stack.id).find((changeSet) => changeSet.name === name);
}
