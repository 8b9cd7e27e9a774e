import type { Operation, ResourceRecord, StackRecord } from '../records.ts';
import { type Engine, throwIfStopping } from './engine.ts';

export interface StatusNews {
  readonly status: string;
  readonly reason?: string;
}

type StackFacts = Pick<Partial<StackRecord>, 'deployed' | 'interrupted' | 'outputs'>;

/** Begins an operation; from here on it is finished, whatever happens to this process. */
export function begin(engine: Engine, stack: StackRecord, operation: Operation, news: StatusNews): StackRecord {
  const { interrupted: _, ...rest } = stack;
  const begun: StackRecord = {
    ...withStatus(rest, news),
    operation,
    ...(operation.type === 'update' ? { updatedAt: engine.store.now() } : {}),
    ...(operation.clientRequestToken === undefined ? {} : { lastRequestToken: operation.clientRequestToken }),
  };
  return announceStack(engine, begun);
}

/** Goes on to a later phase of a running operation. */
export function enterPhase(
  engine: Engine,
  stack: StackRecord,
  news: StatusNews & { readonly phase: Operation['phase'] },
  facts: StackFacts = {},
): void {
  throwIfStopping(engine);
  if (stack.operation === undefined) throw new Error(`${stack.name} has no operation`);
  announceStack(engine, { ...withStatus(stack, news), ...facts, operation: { ...stack.operation, phase: news.phase } });
}

/** Ends an operation. */
export function finish(engine: Engine, stack: StackRecord, news: StatusNews, facts: StackFacts = {}): void {
  throwIfStopping(engine);
  for (const record of engine.store.resources(stack.id))
    if (isEmpty(record)) engine.store.removeResource(stack.id, record.logicalId);
  const { store } = engine;
  const ended: StackRecord = {
    ...withStatus(stack, news),
    ...facts,
    ...(news.status === 'DELETE_COMPLETE' ? { deletedAt: store.now() } : {}),
  };
  announceStack(engine, ended, () => {
    const { operation: _, ...rest } = ended;
    return rest;
  });
}

/** Nothing was made of it, or nothing is left. */
function isEmpty({ current, attempt, outgoing }: ResourceRecord): boolean {
  return current === undefined && attempt === undefined && outgoing.length === 0;
}

function withStatus(stack: StackRecord, { status, reason }: StatusNews): StackRecord {
  const { statusReason: _, ...rest } = stack;
  return { ...rest, status, ...(reason === undefined ? {} : { statusReason: reason }) };
}

/** The event comes first: a process that dies in between repeats the phase, and an event told twice does no harm. */
function announceStack(engine: Engine, stack: StackRecord, stored: () => StackRecord = () => stack): StackRecord {
  engine.store.addEvent(stack, {
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status: stack.status,
    ...(stack.statusReason === undefined ? {} : { reason: stack.statusReason }),
  });
  engine.store.saveStack(stored());
  return stack;
}
