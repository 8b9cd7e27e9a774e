import type { StackRecord } from '../records.ts';
import type { Store } from '../store.ts';
import { validationError } from '../template/validation-error.ts';

/**
 * The stack of a name or id.
 *
 * @throws AwsError ValidationError in the words by which clients know that a stack is gone
 */
export function getStack(store: Store, nameOrId: string | undefined): StackRecord {
  const stack = nameOrId === undefined ? undefined : store.findStack(nameOrId);
  if (stack === undefined) throw validationError(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

/** As getStack, in the words of those operations that put the name in brackets. */
export function getStackInBrackets(store: Store, nameOrId: string | undefined): StackRecord {
  const stack = nameOrId === undefined ? undefined : store.findStack(nameOrId);
  if (stack === undefined) throw validationError(`Stack [${nameOrId}] does not exist`);
  return stack;
}

export function isInProgress({ status }: StackRecord): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

const UPDATABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_FAILED',
  'IMPORT_COMPLETE',
]);

/** @throws AwsError ValidationError when the stack's status does not let it be updated */
export function refuseUnlessUpdatable(stack: StackRecord): void {
  if (!UPDATABLE.has(stack.status))
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}
