import { randomUUID } from 'node:crypto';
import type {
  ContinueUpdateRollbackInput,
  CreateStackInput,
  DeleteStackInput,
  UpdateStackInput,
  UpdateTerminationProtectionInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Caller, Handlers } from '../../core/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { Operation, StackRecord } from '../records.ts';
import { validationError } from '../template/validation-error.ts';
import { changesStack } from './create-change-set.ts';
import { configurationOf } from './describe-stack.ts';
import { getStack, getStackInBrackets, isInProgress, refuseUnlessUpdatable } from './find-stack.ts';
import { newStack } from './new-stack.ts';
import { planChanges } from './plan-changes.ts';
import { readConfiguration } from './read-configuration.ts';
import type { Runner } from './runner.ts';

/** The operations that make, change and delete stacks without a change set. */
export function createStackHandlers(engine: Engine, runner: Runner): Handlers {
  return {
    CreateStack: (input: CreateStackInput, { caller }) => createStack(engine, runner, { ...input, caller }),
    UpdateStack: (input: UpdateStackInput, { caller }) => updateStack(engine, runner, { ...input, caller }),
    DeleteStack: (input: DeleteStackInput) => deleteStack(engine, runner, input),
    ContinueUpdateRollback: (input: ContinueUpdateRollbackInput) => continueRollback(engine, runner, input),
    UpdateTerminationProtection: (input: UpdateTerminationProtectionInput) => protect(engine, input),
  };
}

type Asked<Input> = Input & { readonly caller: Caller };

async function createStack(engine: Engine, runner: Runner, input: Asked<CreateStackInput>): Promise<object> {
  if (input.OnFailure === 'DELETE') throw validationError('CreateStack: OnFailure DELETE is not in the local cloud.');
  const existing = input.StackName === undefined ? undefined : engine.store.findStack(input.StackName);
  if (existing !== undefined) {
    if (isRepeated(existing, input.ClientRequestToken)) return { StackId: existing.id };
    throw new AwsError('AlreadyExistsException', `Stack [${existing.name}] already exists`);
  }
  const isProtected = input.EnableTerminationProtection ?? false;
  const stack = { ...newStack(engine, input.StackName ?? ''), terminationProtection: isProtected };
  const request = { ...input, DisableRollback: input.DisableRollback ?? input.OnFailure === 'DO_NOTHING' };
  const { configuration } = await readConfiguration(engine, stack, request);
  const operation = { ...operationOf('create', input.ClientRequestToken), target: configuration };
  runner.begin(stack, operation, { status: 'CREATE_IN_PROGRESS', reason: 'User Initiated' });
  return { StackId: stack.id };
}

async function updateStack(engine: Engine, runner: Runner, input: Asked<UpdateStackInput>): Promise<object> {
  const stack = getStackInBrackets(engine.store, input.StackName);
  if (isRepeated(stack, input.ClientRequestToken)) return { StackId: stack.id };
  refuseUnlessUpdatable(stack);
  const wanted = await readConfiguration(engine, stack, input);
  if (planChanges(engine, stack.id, wanted).length === 0 && !changesStack(stack.deployed, wanted))
    throw validationError('No updates are to be performed.');
  const operation = { ...operationOf('update', input.ClientRequestToken), target: wanted.configuration };
  runner.begin(stack, operation, { status: 'UPDATE_IN_PROGRESS', reason: 'User Initiated' });
  return { StackId: stack.id };
}

function operationOf(type: Operation['type'], clientRequestToken: string | undefined) {
  return {
    id: randomUUID(),
    type,
    phase: type === 'delete' ? ('delete' as const) : ('apply' as const),
    ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
  };
}

function isRepeated(stack: StackRecord, clientRequestToken: string | undefined): boolean {
  return clientRequestToken !== undefined && stack.lastRequestToken === clientRequestToken;
}

/** Deleting what is gone, or going, is done already. */
function deleteStack(engine: Engine, runner: Runner, input: DeleteStackInput): object {
  const stack = input.StackName === undefined ? undefined : engine.store.findStack(input.StackName);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
  if (stack.terminationProtection)
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  if (input.DeletionMode === 'FORCE_DELETE_STACK')
    throw validationError('DeleteStack: DeletionMode FORCE_DELETE_STACK is not in the local cloud.');
  const retained = input.RetainResources ?? [];
  if (retained.length > 0 && stack.status !== 'DELETE_FAILED')
    throw validationError(
      `Invalid operation on stack [${stack.id}]. RetainResources is allowed only in DELETE_FAILED, not in ${stack.status}.`,
    );
  if (isInProgress(stack))
    throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  for (const { id } of engine.store.changeSets(stack.id)) engine.store.removeChangeSet(id);
  const target = configurationOf(stack) ?? NOTHING;
  const operation = { ...operationOf('delete', input.ClientRequestToken), target, retained };
  runner.begin(stack, operation, { status: 'DELETE_IN_PROGRESS', reason: 'User Initiated' });
  return {};
}

/** What a stack is that only was under review. */
const NOTHING = { templateBody: '', parameters: {}, tags: [], capabilities: [], disableRollback: false };

function continueRollback(engine: Engine, runner: Runner, input: ContinueUpdateRollbackInput): object {
  const stack = getStackInBrackets(engine.store, input.StackName);
  if (isRepeated(stack, input.ClientRequestToken)) return {};
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || stack.interrupted === undefined)
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`);
  const token = input.ClientRequestToken;
  const operation: Operation = {
    ...stack.interrupted,
    phase: 'roll-back',
    skipped: input.ResourcesToSkip ?? [],
    ...(token === undefined ? {} : { clientRequestToken: token }),
  };
  runner.begin(stack, operation, { status: 'UPDATE_ROLLBACK_IN_PROGRESS', reason: 'User Initiated' });
  return {};
}

function protect(engine: Engine, input: UpdateTerminationProtectionInput): object {
  const stack = getStackInBrackets(engine.store, input.StackName);
  engine.store.saveStack({ ...stack, terminationProtection: input.EnableTerminationProtection ?? false });
  return { StackId: getStack(engine.store, stack.id).id };
}
