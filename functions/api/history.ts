import type { HistoryDocument, OperationDocument } from '../../lib/contract/history-schema.ts';
import { historyQuerySchema } from '../../lib/contract/request-schemas.ts';
import { type HistoryPage, historyCursor, historyPage } from '../../lib/model/history-page.ts';
import type { PastOperation } from '../../lib/model/operation.ts';
import { operationOutcome } from '../../lib/model/plan/operation-outcome.ts';
import { shownDifferences } from '../../lib/model/plan/shown-differences.ts';
import type { ServiceState, Tombstone } from '../../lib/model/state.ts';
import type { HistoryPart, Store } from '../../lib/ports/store.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readQuery } from './read-query.ts';
import { noSuchService, readStoredService } from './stored-service.ts';

const defaultLimit = 20;

/** GET …/operations */
export function listOperations({ store }: { readonly store: Store }): ApiHandler {
  return async ({ service, query }) => {
    const read = readQuery(historyQuerySchema, query, 'limit=1 to limit=100 and before=<cursor of the page before>');
    if (read.type === 'answered') return read.response;
    const before = read.query.before === undefined ? undefined : fromCursor(read.query.before);
    if (before === 'no cursor') {
      const detail = `before must be the cursor of the page before, not ${read.query.before?.slice(0, 200)}. Leave it out for the newest`;
      return problem({ kind: 'bad-request', status: 400, detail });
    }
    const limit = Number(read.query.limit ?? defaultLimit);
    const page = { limit, ...(before === undefined ? {} : { before }) };
    // Read before the state, which then has the plan of each of them.
    const stored = await store.listOperations(service, page);
    const of = await readStoredService(store, service);
    if (of === undefined) return noSuchService(service);
    const { operations, cursor } = of.type === 'lives' ? withOutcomes(stored, of.state) : pastPage(of.tombstone, page);
    const answer: HistoryDocument = {
      operations: operations.map(operationDocument),
      ...(cursor === undefined ? {} : { cursor: toCursor(cursor) }),
    };
    return json(200, answer);
  };
}

interface PastPart {
  readonly operations: readonly PastOperation[];
  readonly cursor?: string;
}

function withOutcomes({ operations, ...rest }: HistoryPart, state: ServiceState): PastPart {
  return {
    operations: operations.map((operation) => ({ ...operation, outcome: operationOutcome(operation, state) })),
    ...rest,
  };
}

/** Of a service that is gone: what its tombstone has kept. */
function pastPage({ history = [] }: Tombstone, { limit, before }: HistoryPage): PastPart {
  const older = history.filter((operation) => before === undefined || historyCursor(operation) < before);
  return historyPage(older, limit);
}

function operationDocument(operation: PastOperation): OperationDocument {
  const { id, kind, requestedBy, requestedAt, planId, phase, step, pod, taskArn } = operation;
  const { instanceId, why, changes, errors, outcome } = operation;
  const endedAt = 'endedAt' in outcome ? outcome.endedAt : undefined;
  return {
    ...{ id, kind, requestedBy, requestedAt: new Date(requestedAt).toISOString() },
    ...(planId === undefined ? {} : { planId }),
    ...(phase === undefined ? {} : { phase }),
    ...(step === undefined ? {} : { step }),
    ...(pod === undefined ? {} : { pod }),
    ...(taskArn === undefined ? {} : { taskArn }),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(why === undefined ? {} : { why }),
    ...(changes === undefined ? {} : { changes: shownDifferences(changes).map((change) => ({ ...change })) }),
    ...(errors === undefined ? {} : { errors: [...errors] }),
    outcome: outcome.type,
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
}

/** The store's cursor has a `#`, which a URL would cut off. */
function toCursor(cursor: string): string {
  return Buffer.from(cursor).toString('base64url');
}

function fromCursor(text: string): string | 'no cursor' {
  const cursor = Buffer.from(text, 'base64url').toString('utf8');
  return /^\d{15}#\S{1,64}$/.test(cursor) ? cursor : 'no cursor';
}
