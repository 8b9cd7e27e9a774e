import type { Incarnation, Operation, ResourceRecord, StackRecord } from '../records.ts';
import { driverOf, type Engine, Stopping, throwIfStopping } from './engine.ts';
import { announce, contextOf, physicalResource, type ResourceJob, reasonOf } from './resource-job.ts';
import { type VisitFailure, walkGraph } from './walk-graph.ts';

/** Something that an operation removes. */
interface Removal {
  readonly logicalId: string;
  readonly incarnation: Incarnation;
}

export interface RemovalOptions {
  readonly stack: StackRecord;
  readonly operation: Operation;
  /** Whether what is live of a resource goes, too; what was replaced always goes. */
  readonly includesCurrent: (record: ResourceRecord) => boolean;
}

/** Removes things in the order opposite to that in which they depend on each other. */
export async function deleteIncarnations(engine: Engine, options: RemovalOptions): Promise<readonly VisitFailure[]> {
  const removals = new Map(
    engine.store
      .resources(options.stack.id)
      .flatMap((record) => removalsOf(record, options))
      .map((removal): readonly [string, Removal] => [`${removal.logicalId} ${removal.incarnation.token}`, removal]),
  );
  const failures = await walkGraph({
    graph: reverseDependencies(removals),
    visit: (name) => remove(engine, options, removals.get(name)),
    afterFailure: 'go on',
  });
  return failures.map(({ name, error }) => ({ name: name.split(' ')[0] ?? name, error }));
}

function removalsOf(record: ResourceRecord, options: RemovalOptions): readonly Removal[] {
  const { logicalId, outgoing, attempt, current } = record;
  const begun = attempt?.action === 'create' && options.includesCurrent(record) ? [attempt.incarnation] : [];
  const live = current !== undefined && options.includesCurrent(record) ? [current] : [];
  return [...outgoing, ...begun, ...live].map((incarnation) => ({ logicalId, incarnation }));
}

function reverseDependencies(removals: ReadonlyMap<string, Removal>): ReadonlyMap<string, readonly string[]> {
  const waitsFor = ({ logicalId }: Removal) =>
    [...removals].filter(
      ([, other]) => other.logicalId !== logicalId && other.incarnation.dependsOn.includes(logicalId),
    );
  return new Map([...removals].map(([name, removal]) => [name, waitsFor(removal).map(([other]) => other)]));
}

async function remove(engine: Engine, options: RemovalOptions, removal: Removal | undefined): Promise<void> {
  const { stack, operation } = options;
  const record = removal && engine.store.resource(stack.id, removal.logicalId);
  if (removal === undefined || record === undefined) return;
  const { incarnation, logicalId } = removal;
  const job: ResourceJob = { engine, stack, operation, logicalId };
  if (incarnation.physicalId === undefined) return forget(job, record, incarnation);
  const facts = { ...record, type: incarnation.type };
  const news = { physicalId: incarnation.physicalId };
  if (isLeftAlone(record, incarnation, operation)) {
    forget(job, announce(job, facts, { ...news, status: 'DELETE_SKIPPED' }), incarnation);
    return;
  }
  const begun = announce(job, facts, { ...news, status: 'DELETE_IN_PROGRESS' });
  try {
    const context = contextOf(job, record, { incarnation, isRetry: true });
    await driverOf(engine, incarnation.type).delete(context, physicalResource(incarnation), incarnation.properties);
  } catch (error) {
    if (error instanceof Stopping) throw error;
    announce(job, begun, { ...news, status: 'DELETE_FAILED', reason: reasonOf(error) });
    throw error;
  }
  forget(job, announce(job, begun, { ...news, status: 'DELETE_COMPLETE' }), incarnation);
}

/** A policy speaks of what an operation completed: what was replaced or half made goes in any case. */
function isLeftAlone(record: ResourceRecord, incarnation: Incarnation, operation: Operation): boolean {
  if (operation.retained?.includes(record.logicalId) === true) return true;
  if (record.deletionPolicy === 'Delete' || record.current?.token !== incarnation.token) return false;
  const isRolledBack = operation.phase === 'roll-back' || operation.phase === 'clean-up-after-roll-back';
  return record.deletionPolicy === 'Retain' || !isRolledBack;
}

function forget(job: ResourceJob, record: ResourceRecord, incarnation: Incarnation): void {
  throwIfStopping(job.engine);
  const { store } = job.engine;
  const outgoing = record.outgoing.filter(({ token }) => token !== incarnation.token);
  const current = record.current?.token === incarnation.token ? undefined : record.current;
  const attempt = record.attempt?.incarnation.token === incarnation.token ? undefined : record.attempt;
  if (outgoing.length === 0 && current === undefined && attempt === undefined) {
    store.removeResource(record.stackId, record.logicalId);
    return;
  }
  const { current: _, attempt: __, ...rest } = record;
  store.saveResource({
    ...rest,
    type: current?.type ?? record.type,
    outgoing,
    ...(current === undefined ? {} : { current }),
    ...(attempt === undefined ? {} : { attempt }),
  });
}
