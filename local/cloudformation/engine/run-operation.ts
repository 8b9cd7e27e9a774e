import type { Operation, StackOutput, StackRecord } from '../records.ts';
import { resolve } from '../template/intrinsics.ts';
import { isPresent } from '../template/references.ts';
import { validationError } from '../template/validation-error.ts';
import { applyResource } from './apply-resource.ts';
import { deleteIncarnations } from './delete-incarnations.ts';
import { type Engine, Stopping, throwIfStopping } from './engine.ts';
import { type EvaluatedConfiguration, evaluateConfiguration, exportsOf } from './evaluate-configuration.ts';
import { findExportsInUse } from './exports-in-use.ts';
import { lookUpResource, reasonOf } from './resource-job.ts';
import { rollBackResource } from './roll-back-resource.ts';
import { enterPhase, finish } from './stack-status.ts';
import { type VisitFailure, walkGraph } from './walk-graph.ts';

/**
 * Runs what is being done to a stack to its end, phase by phase. Each phase can be repeated: an operation that a
 * killed process left is run again from the phase that it was in.
 */
export async function runOperation(engine: Engine, stackId: string): Promise<void> {
  for (;;) {
    const stack = engine.store.findStack(stackId);
    const operation = stack?.operation;
    if (stack === undefined || operation === undefined) return;
    try {
      await PHASES[operation.phase](engine, stack, operation);
    } catch (error) {
      if (error instanceof Stopping) return;
      engine.cloud.log(
        `cloudformation: ${stack.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      finish(engine, stack, { status: FAILED[operation.type], reason: `Internal failure: ${reasonOf(error)}` });
    }
  }
}

const FAILED = { create: 'CREATE_FAILED', update: 'UPDATE_ROLLBACK_FAILED', delete: 'DELETE_FAILED' } as const;

type Phase = (engine: Engine, stack: StackRecord, operation: Operation) => Promise<void>;

const PHASES: Readonly<Record<Operation['phase'], Phase>> = {
  apply,
  'clean-up': cleanUp,
  'roll-back': rollBack,
  'clean-up-after-roll-back': cleanUpAfterRollBack,
  delete: deleteAll,
};

async function apply(engine: Engine, stack: StackRecord, operation: Operation): Promise<void> {
  const evaluated = await evaluateConfiguration(engine, stack, operation.target);
  const failures = await walkGraph({
    graph: evaluated.dependencies,
    visit: (logicalId) => applyResource({ engine, stack, operation, logicalId }, evaluated),
    afterFailure: 'begin nothing',
  });
  rethrowStopping(engine, failures);
  if (failures.length > 0) {
    const verb = operation.type === 'create' ? 'create' : 'create or update';
    return turnBack(engine, stack, `The following resource(s) failed to ${verb}: [${namesOf(failures)}]. `);
  }
  const outputs = evaluateOutputs(engine, stack, evaluated);
  if (outputs instanceof Error) return turnBack(engine, stack, `${reasonOf(outputs)}. `);
  const staying = outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [[exportName, value]]));
  const [inUse] = await findExportsInUse(engine, stack, Object.fromEntries(staying));
  if (inUse !== undefined)
    return turnBack(engine, stack, `Cannot update export ${inUse.name} as it is in use by ${inUse.importer}. `);
  const made = { deployed: operation.target, outputs };
  if (operation.type === 'create') finish(engine, stack, { status: 'CREATE_COMPLETE' }, made);
  else enterPhase(engine, stack, { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', phase: 'clean-up' }, made);
}

function turnBack(engine: Engine, stack: StackRecord, reason: string): void {
  const { operation } = stack;
  if (operation === undefined) return;
  const isCreate = operation.type === 'create';
  if (operation.target.disableRollback) {
    finish(
      engine,
      stack,
      { status: isCreate ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason },
      { deployed: stack.deployed ?? operation.target },
    );
    return;
  }
  const status = isCreate ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS';
  enterPhase(engine, stack, { status, phase: 'roll-back', reason: `${reason}Rollback requested by user.` });
}

function evaluateOutputs(
  engine: Engine,
  stack: StackRecord,
  evaluated: EvaluatedConfiguration,
): readonly StackOutput[] | Error {
  const scope = evaluated.scope((name) => lookUpResource(engine, stack.id, name));
  const taken = exportsOf({ ...engine.store, stacks: () => engine.store.stacks().filter(({ id }) => id !== stack.id) });
  try {
    return Object.entries(evaluated.template.outputs).flatMap(([key, output]) => {
      if (!isPresent(output, evaluated.conditions)) return [];
      const exportName = output.exportName === undefined ? undefined : String(resolve(output.exportName, scope));
      if (exportName !== undefined && taken[exportName] !== undefined)
        throw validationError(`Export with name ${exportName} is already exported by another stack.`);
      return {
        key,
        value: outputText(key, resolve(output.value, scope)),
        ...(output.description === undefined ? {} : { description: output.description }),
        ...(exportName === undefined ? {} : { exportName }),
      };
    });
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

function outputText(key: string, value: unknown): string {
  if (value === undefined || value === null || typeof value === 'object')
    throw validationError(
      `Template format error: Output ${key} is malformed. The Value must be text, not ${JSON.stringify(value)}.`,
    );
  return String(value);
}

/** What the new template has no place for goes. A thing that cannot be deleted does not undo an update that worked. */
async function cleanUp(engine: Engine, stack: StackRecord, operation: Operation): Promise<void> {
  const evaluated = await evaluateConfiguration(engine, stack, operation.target);
  const failures = await removeAbsent(engine, stack, evaluated);
  rethrowStopping(engine, failures);
  finish(engine, stack, { status: 'UPDATE_COMPLETE' });
}

async function rollBack(engine: Engine, stack: StackRecord, operation: Operation): Promise<void> {
  if (operation.type === 'create') return rollBackCreation(engine, stack, operation);
  if (stack.deployed === undefined) throw new Error(`${stack.name} has nothing to roll back to`);
  const evaluated = await evaluateConfiguration(engine, stack, stack.deployed);
  const added = engine.store.resources(stack.id).filter(({ logicalId }) => !evaluated.dependencies.has(logicalId));
  const failures = await walkGraph({
    graph: new Map([...evaluated.dependencies, ...added.map(({ logicalId }) => [logicalId, []] as const)]),
    visit: (logicalId) => rollBackResource({ engine, stack, operation, logicalId }),
    afterFailure: 'go on',
  });
  rethrowStopping(engine, failures);
  if (failures.length > 0) {
    const reason = `The following resource(s) failed to update: [${namesOf(failures)}]. `;
    finish(engine, stack, { status: 'UPDATE_ROLLBACK_FAILED', reason }, { interrupted: operation });
    return;
  }
  restoreAttributes(engine, stack, evaluated);
  const phase = 'clean-up-after-roll-back';
  enterPhase(engine, stack, { status: 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', phase });
}

/** The policies and metadata of the template that is in force again. */
function restoreAttributes(engine: Engine, stack: StackRecord, evaluated: EvaluatedConfiguration): void {
  for (const record of engine.store.resources(stack.id)) {
    const declaration = evaluated.template.resources[record.logicalId];
    if (declaration === undefined) continue;
    const { metadata: _, ...rest } = record;
    const { deletionPolicy, updateReplacePolicy, metadata } = declaration;
    engine.store.saveResource({
      ...rest,
      deletionPolicy,
      updateReplacePolicy,
      ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
    });
  }
}

async function rollBackCreation(engine: Engine, stack: StackRecord, operation: Operation): Promise<void> {
  const failures = await deleteIncarnations(engine, { stack, operation, includesCurrent: () => true });
  rethrowStopping(engine, failures);
  const deployed = operation.target;
  if (failures.length === 0) return finish(engine, stack, { status: 'ROLLBACK_COMPLETE' }, { deployed });
  const reason = `The following resource(s) failed to delete: [${namesOf(failures)}]. `;
  finish(engine, stack, { status: 'ROLLBACK_FAILED', reason }, { deployed });
}

async function cleanUpAfterRollBack(engine: Engine, stack: StackRecord): Promise<void> {
  if (stack.deployed === undefined) throw new Error(`${stack.name} has nothing to roll back to`);
  const evaluated = await evaluateConfiguration(engine, stack, stack.deployed);
  const failures = await removeAbsent(engine, stack, evaluated);
  rethrowStopping(engine, failures);
  finish(engine, stack, { status: 'UPDATE_ROLLBACK_COMPLETE' });
}

function removeAbsent(engine: Engine, stack: StackRecord, evaluated: EvaluatedConfiguration) {
  const { operation } = stack;
  if (operation === undefined) throw new Error(`${stack.name} has no operation`);
  return deleteIncarnations(engine, {
    stack,
    operation,
    includesCurrent: ({ logicalId }) => !evaluated.dependencies.has(logicalId),
  });
}

async function deleteAll(engine: Engine, stack: StackRecord, operation: Operation): Promise<void> {
  const [inUse] = await findExportsInUse(engine, stack, {});
  if (inUse !== undefined) {
    const reason = `Export ${inUse.name} cannot be deleted as it is in use by ${inUse.importer}`;
    return finish(engine, stack, { status: 'DELETE_FAILED', reason });
  }
  const failures = await deleteIncarnations(engine, { stack, operation, includesCurrent: () => true });
  rethrowStopping(engine, failures);
  if (failures.length === 0) return finish(engine, stack, { status: 'DELETE_COMPLETE' });
  const reason = `The following resource(s) failed to delete: [${namesOf(failures)}]. `;
  finish(engine, stack, { status: 'DELETE_FAILED', reason });
}

function namesOf(failures: readonly VisitFailure[]): string {
  return [...new Set(failures.map(({ name }) => name))].sort().join(', ');
}

/** A stop shows itself as a failure of whatever it met; the next start goes on. */
function rethrowStopping(engine: Engine, failures: readonly VisitFailure[]): void {
  throwIfStopping(engine);
  const stopping = failures.find(({ error }) => error instanceof Stopping);
  if (stopping !== undefined) throw stopping.error;
}
