import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import type { StackRecord } from '../records.ts';
import { validationError } from '../template/validation-error.ts';

/** A stack that is not stored yet. */
export function newStack(engine: Engine, name: string): StackRecord {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw validationError(
      `Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  const { region, accountId } = engine.cloud;
  return {
    id: `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`,
    name,
    status: 'REVIEW_IN_PROGRESS',
    createdAt: engine.store.now(),
    terminationProtection: false,
    outputs: [],
  };
}

/** Stores a stack that exists only for the review of a change set, once. */
export function reviewStack(engine: Engine, stack: StackRecord): void {
  if (engine.store.findStack(stack.id) !== undefined) return;
  engine.store.addEvent(stack, {
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status: 'REVIEW_IN_PROGRESS',
    reason: 'User Initiated',
  });
  engine.store.saveStack(stack);
}
