import { AwsError } from '../../core/aws-error.ts';
import type { Incarnation, Operation, ResourceRecord, StackRecord } from '../records.ts';
import type { PhysicalResource, ResourceContext } from '../resource-driver.ts';
import type { ReferencedResource } from '../template/scope.ts';
import { type Engine, throwIfStopping } from './engine.ts';
import { createResourceContext } from './resource-context.ts';

/** One resource in one phase of one operation. */
export interface ResourceJob {
  readonly engine: Engine;
  readonly stack: StackRecord;
  readonly operation: Operation;
  readonly logicalId: string;
}

/** The mark of a phase that is done with a resource. */
export function phaseKey(operation: Operation): string {
  return `${operation.id}/${operation.phase}`;
}

/** Stores a record under a new status and tells it as an event. */
export function announce(
  job: ResourceJob,
  record: ResourceRecord,
  news: { readonly status: string; readonly reason?: string; readonly physicalId?: string },
): ResourceRecord {
  throwIfStopping(job.engine);
  const { statusReason: _, ...rest } = record;
  const changed: ResourceRecord = {
    ...rest,
    status: news.status,
    changedAt: job.engine.store.now(),
    ...(news.reason === undefined ? {} : { statusReason: news.reason }),
  };
  job.engine.store.saveResource(changed);
  const physicalId = news.physicalId ?? record.attempt?.incarnation.physicalId ?? record.current?.physicalId;
  job.engine.store.addEvent(job.stack, {
    logicalId: record.logicalId,
    type: record.type,
    status: news.status,
    ...(physicalId === undefined ? {} : { physicalId }),
    ...(news.reason === undefined ? {} : { reason: news.reason }),
  });
  return changed;
}

/** The context of a driver that works on one incarnation. */
export function contextOf(
  job: ResourceJob,
  record: ResourceRecord,
  work: { readonly incarnation: Incarnation; readonly isRetry: boolean; readonly remember?: (id: string) => void },
): ResourceContext {
  const all = [record.current, record.touchedBy?.before, ...record.outgoing];
  return createResourceContext(job.engine, {
    stack: job.stack,
    ...(job.operation.target.roleArn === undefined ? {} : { roleArn: job.operation.target.roleArn }),
    logicalId: job.logicalId,
    incarnation: work.incarnation,
    isRetry: work.isRetry,
    otherIds: all.flatMap((other) =>
      other?.physicalId === undefined || other.token === work.incarnation.token ? [] : [other.physicalId],
    ),
    remember: work.remember ?? (() => {}),
  });
}

export function physicalResource(incarnation: Incarnation): PhysicalResource {
  return { physicalId: incarnation.physicalId ?? '', attributes: incarnation.attributes };
}

/** What the stack's resources answer to Ref and Fn::GetAtt now. */
export function lookUpResource(engine: Engine, stackId: string, logicalId: string): ReferencedResource | undefined {
  const current = engine.store.resource(stackId, logicalId)?.current;
  if (current?.physicalId === undefined) return undefined;
  return { status: 'known', physicalId: current.physicalId, attributes: current.attributes };
}

/** An error in the words of an event: what the handler said, and the service's code. */
export function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.message} (${error.name}, Status Code: ${error.status})`;
  return error instanceof Error ? error.message : String(error);
}
