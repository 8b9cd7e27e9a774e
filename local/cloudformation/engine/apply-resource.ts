import { randomBytes } from 'node:crypto';
import type { Incarnation, ResourceRecord } from '../records.ts';
import { resolveDynamicReferences } from '../template/dynamic-references.ts';
import { resolveObject } from '../template/intrinsics.ts';
import { isSameJson, type JsonObject } from '../template/json.ts';
import type { ResourceDeclaration } from '../template/template.ts';
import { type Action, decideAction } from './decide-action.ts';
import { driverOf, Stopping } from './engine.ts';
import type { EvaluatedConfiguration } from './evaluate-configuration.ts';
import { readDynamicReference } from './read-dynamic-reference.ts';
import {
  announce,
  contextOf,
  lookUpResource,
  phaseKey,
  physicalResource,
  type ResourceJob,
  reasonOf,
} from './resource-job.ts';
import { refuseUnknownProperties, withStackTags } from './wanted-resource.ts';

/** What the template wants a resource to be, once everything it refers to exists. */
interface Wanted {
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly declaration: ResourceDeclaration;
}

/**
 * Brings one resource to what the template wants. Idempotent: what an earlier process did is stored step by step,
 * and a step that was cut off is repeated under the same names.
 *
 * @throws Error after the failure has been told as an event
 */
export async function applyResource(job: ResourceJob, evaluated: EvaluatedConfiguration): Promise<void> {
  const declaration = evaluated.template.resources[job.logicalId];
  if (declaration === undefined) throw new Error(`the template has no resource ${job.logicalId}`);
  const record = touch(job, declaration);
  if (record.settledIn === phaseKey(job.operation)) return;
  try {
    await bring(job, record, wantedOf(job, evaluated, declaration));
  } catch (error) {
    if (error instanceof Stopping) throw error;
    const latest = job.engine.store.resource(job.stack.id, job.logicalId) ?? record;
    const verb = latest.touchedBy?.before === undefined ? 'CREATE' : 'UPDATE';
    announce(job, latest, { status: `${verb}_FAILED`, reason: reasonOf(error) });
    throw error;
  }
}

/** Notes what was live before this operation, once. */
function touch(job: ResourceJob, declaration: ResourceDeclaration): ResourceRecord {
  const { store } = job.engine;
  const found = store.resource(job.stack.id, job.logicalId);
  if (found?.touchedBy?.operationId === job.operation.id) return found;
  const record: ResourceRecord = {
    stackId: job.stack.id,
    logicalId: job.logicalId,
    type: declaration.type,
    status: found?.status ?? 'CREATE_IN_PROGRESS',
    changedAt: store.now(),
    deletionPolicy: declaration.deletionPolicy,
    updateReplacePolicy: declaration.updateReplacePolicy,
    ...(found?.metadata === undefined ? {} : { metadata: found.metadata }),
    ...(found?.current === undefined ? {} : { current: found.current }),
    // A change in place that an earlier operation left half done makes the live state uncertain.
    ...(found?.attempt?.action === 'update' ? { attempt: found.attempt } : {}),
    outgoing: [...(found?.outgoing ?? []), ...abandonedCreation(found)],
    touchedBy: {
      operationId: job.operation.id,
      ...(found?.current === undefined ? {} : { before: found.current }),
    },
  };
  store.saveResource(record);
  return record;
}

function abandonedCreation(record: ResourceRecord | undefined): readonly Incarnation[] {
  const attempt = record?.attempt;
  return attempt?.action === 'create' && attempt.incarnation.physicalId !== undefined ? [attempt.incarnation] : [];
}

function wantedOf(job: ResourceJob, evaluated: EvaluatedConfiguration, declaration: ResourceDeclaration): Wanted {
  const driver = driverOf(job.engine, declaration.type);
  const scope = evaluated.scope((name) => lookUpResource(job.engine, job.stack.id, name));
  const properties = withStackTags(driver, resolveObject(declaration.properties, scope), job.operation.target.tags);
  refuseUnknownProperties(driver, properties);
  return {
    type: declaration.type,
    properties,
    dependsOn: evaluated.dependencies.get(job.logicalId) ?? [],
    declaration,
  };
}

async function bring(job: ResourceJob, record: ResourceRecord, wanted: Wanted): Promise<void> {
  if (record.attempt?.action === 'create') return create(job, record, { ...wanted, isRetry: true });
  const action = decideAction(driverOf(job.engine, wanted.type), wanted, {
    ...(record.current === undefined ? {} : { live: record.current }),
    ...(record.attempt === undefined ? {} : { attempted: record.attempt.incarnation.properties }),
  });
  switch (action.type) {
    case 'none':
      return settle(job, record, wanted);
    case 'create':
      return create(job, announce(job, record, { status: 'CREATE_IN_PROGRESS' }), { ...wanted, isRetry: false });
    case 'replace':
      return beginReplacement(job, record, { wanted, action });
    case 'update':
      return update(job, record, { wanted, changed: action.changed });
  }
}

async function beginReplacement(
  job: ResourceJob,
  record: ResourceRecord,
  plan: { readonly wanted: Wanted; readonly action: Action },
): Promise<void> {
  const { wanted } = plan;
  const { nameProperty } = driverOf(job.engine, wanted.type);
  const name = nameProperty === undefined ? undefined : wanted.properties[nameProperty];
  if (nameProperty !== undefined && name !== undefined && record.current?.type === wanted.type)
    if (isSameJson(name, record.current.properties[nameProperty]))
      throw new Error(
        `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(name)} and update the stack again.`,
      );
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  const begun = announce(job, record, { status: 'UPDATE_IN_PROGRESS', reason });
  await create(job, begun, { ...wanted, isRetry: false });
}

async function create(
  job: ResourceJob,
  record: ResourceRecord,
  wanted: Wanted & { readonly isRetry: boolean },
): Promise<void> {
  const { store } = job.engine;
  const { type, dependsOn } = wanted;
  const fresh: Incarnation = { type, token: newToken(), properties: wanted.properties, attributes: {}, dependsOn };
  const incarnation = record.attempt?.action === 'create' ? record.attempt.incarnation : fresh;
  let latest: ResourceRecord = { ...record, attempt: { action: 'create', incarnation } };
  store.saveResource(latest);
  const remember = (physicalId: string) => {
    if (latest.attempt?.incarnation.physicalId === physicalId) return;
    latest = { ...latest, attempt: { action: 'create', incarnation: { ...incarnation, physicalId } } };
    latest = announce(job, latest, { status: latest.status, reason: 'Resource creation Initiated' });
  };
  const isRetry = wanted.isRetry || adoptsExisting(job, wanted);
  const context = contextOf(job, latest, { incarnation, isRetry, remember });
  const properties = await readReferences(job, incarnation.properties);
  const made = await driverOf(job.engine, type).create(context, properties);
  const replaced = record.current;
  const isKept = replaced === undefined || record.updateReplacePolicy !== 'Delete';
  const current: Incarnation = { ...incarnation, physicalId: made.physicalId, attributes: made.attributes };
  const { attempt: _, ...rest } = latest;
  settle(job, { ...rest, type, current, outgoing: isKept ? rest.outgoing : [...rest.outgoing, replaced] }, wanted, {
    status: replaced === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE',
  });
}

async function update(
  job: ResourceJob,
  record: ResourceRecord,
  plan: { readonly wanted: Wanted; readonly changed: ReadonlySet<string> },
): Promise<void> {
  const { wanted, changed } = plan;
  const live = record.current;
  if (live === undefined) throw new Error(`${job.logicalId} is not there to be changed`);
  const incarnation: Incarnation = { ...live, properties: wanted.properties, dependsOn: wanted.dependsOn };
  const begun = announce(
    job,
    { ...record, attempt: { action: 'update', incarnation } },
    { status: 'UPDATE_IN_PROGRESS' },
  );
  const context = contextOf(job, begun, { incarnation, isRetry: record.attempt !== undefined });
  const after = await readReferences(job, wanted.properties);
  const made = await driverOf(job.engine, wanted.type).update(context, physicalResource(live), {
    before: live.properties,
    after,
    changed,
  });
  const isReplaced = made.physicalId !== live.physicalId;
  const token = isReplaced ? newToken() : live.token;
  const current: Incarnation = { ...incarnation, token, physicalId: made.physicalId, attributes: made.attributes };
  const { attempt: _, ...rest } = begun;
  const outgoing = isReplaced ? [...rest.outgoing, live] : rest.outgoing;
  settle(job, { ...rest, current, outgoing }, wanted, { status: 'UPDATE_COMPLETE' });
}

/** Under the template's own name and a policy that keeps it, what exists already may be taken for the resource. */
function adoptsExisting(job: ResourceJob, { type, properties, declaration }: Wanted): boolean {
  const { nameProperty } = driverOf(job.engine, type);
  if (job.operation.target.importsExisting !== true || declaration.deletionPolicy === 'Delete') return false;
  return nameProperty !== undefined && properties[nameProperty] !== undefined;
}

/** This phase is done with the resource. */
function settle(job: ResourceJob, record: ResourceRecord, wanted: Wanted, news?: { readonly status: string }): void {
  const { metadata } = wanted.declaration;
  const { metadata: _, ...rest } = record;
  const settled: ResourceRecord = {
    ...rest,
    ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
    settledIn: phaseKey(job.operation),
  };
  if (news === undefined) job.engine.store.saveResource(settled);
  else announce(job, settled, news);
}

function readReferences(job: ResourceJob, properties: JsonObject): Promise<JsonObject> {
  return resolveDynamicReferences(properties, (reference) => readDynamicReference(job.engine.cloud, reference));
}

/** As AWS's: short, and safe in every service's names. */
function newToken(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return [...randomBytes(12)].map((byte) => letters[byte % letters.length]).join('');
}
