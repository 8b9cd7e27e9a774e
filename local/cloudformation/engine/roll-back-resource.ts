import type { Incarnation, ResourceRecord } from '../records.ts';
import { resolveDynamicReferences } from '../template/dynamic-references.ts';
import { changedProperties } from './decide-action.ts';
import { driverOf, Stopping } from './engine.ts';
import { readDynamicReference } from './read-dynamic-reference.ts';
import { announce, contextOf, phaseKey, physicalResource, type ResourceJob, reasonOf } from './resource-job.ts';

/**
 * Brings one resource back to what was live before the operation. What the operation made is left for the clean-up.
 * Idempotent.
 *
 * @throws Error after the failure has been told as an event
 */
export async function rollBackResource(job: ResourceJob): Promise<void> {
  const record = job.engine.store.resource(job.stack.id, job.logicalId);
  if (record === undefined || record.touchedBy?.operationId !== job.operation.id) return;
  if (record.settledIn === phaseKey(job.operation)) return;
  const { before } = record.touchedBy;
  const settledIn = phaseKey(job.operation);
  if (before === undefined) {
    // What the operation added stays live until the clean-up, which asks its deletion policy.
    job.engine.store.saveResource({ ...record, settledIn });
    return;
  }
  if (record.current?.token !== before.token) {
    job.engine.store.saveResource({ ...restore(record, before), settledIn });
    return;
  }
  const attempted = record.attempt?.action === 'update' ? record.attempt.incarnation : record.current;
  const dropped = withoutAttempt(record);
  const outgoing = [...record.outgoing, ...begunCreation(record)];
  const changed = changedProperties(attempted.properties, before.properties);
  if (changed.size === 0) {
    job.engine.store.saveResource({ ...dropped, outgoing, current: before, settledIn });
    return;
  }
  if (job.operation.skipped?.includes(job.logicalId) === true) {
    announce(
      job,
      { ...dropped, outgoing, settledIn },
      { status: 'UPDATE_COMPLETE', reason: 'Resource was skipped during update rollback' },
    );
    return;
  }
  await changeBack(job, { ...record, outgoing }, { before, attempted, changed });
}

/** Takes the old thing back into use and lists what was made in its place for removal. */
function restore(record: ResourceRecord, before: Incarnation): ResourceRecord {
  const { current, attempt: _, ...rest } = record;
  const made = [...(current === undefined ? [] : [current]), ...begunCreation(record)];
  const outgoing = [...record.outgoing, ...made].filter(({ token }) => token !== before.token);
  return { ...rest, outgoing, current: before, type: before.type };
}

function begunCreation({ attempt }: ResourceRecord): readonly Incarnation[] {
  return attempt?.action === 'create' && attempt.incarnation.physicalId !== undefined ? [attempt.incarnation] : [];
}

function withoutAttempt(record: ResourceRecord): ResourceRecord {
  const { attempt: _, ...rest } = record;
  return rest;
}

async function changeBack(
  job: ResourceJob,
  record: ResourceRecord,
  plan: { readonly before: Incarnation; readonly attempted: Incarnation; readonly changed: ReadonlySet<string> },
): Promise<void> {
  const { before, attempted, changed } = plan;
  const begun = announce(job, record, { status: 'UPDATE_IN_PROGRESS' });
  try {
    const context = contextOf(job, begun, { incarnation: before, isRetry: true });
    const after = await resolveDynamicReferences(before.properties, (reference) =>
      readDynamicReference(job.engine.cloud, reference),
    );
    const made = await driverOf(job.engine, before.type).update(context, physicalResource(before), {
      before: attempted.properties,
      after,
      changed,
    });
    const current: Incarnation = { ...before, physicalId: made.physicalId, attributes: made.attributes };
    const settled = { ...withoutAttempt(begun), current, settledIn: phaseKey(job.operation) };
    announce(job, settled, { status: 'UPDATE_COMPLETE' });
  } catch (error) {
    if (error instanceof Stopping) throw error;
    announce(job, begun, { status: 'UPDATE_FAILED', reason: reasonOf(error) });
    throw error;
  }
}
