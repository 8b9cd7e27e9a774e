import type { HistoryDocument, OperationDocument } from '../../lib/contract/history-schema.ts';
import { historyQuerySchema } from '../../lib/contract/request-schemas.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { operationOutcome } from '../../lib/model/plan/operation-outcome.ts';
import { shownDifferences } from '../../lib/model/plan/shown-differences.ts';
import type { ServiceState } from '../../lib/model/state.ts';
import type { Store } from '../../lib/ports/store.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';
import { readQuery } from './read-query.ts';
import { withLivingService } from './stored-service.ts';

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
    // Read before the state, which then has the plan of each of them.
    const { operations, cursor } = await store.listOperations(service, {
      limit,
      ...(before === undefined ? {} : { before }),
    });
    return withLivingService(store, service, async (state) => {
      const answer: HistoryDocument = {
        operations: operations.map((operation) => operationDocument(operation, state)),
        ...(cursor === undefined ? {} : { cursor: toCursor(cursor) }),
      };
      return json(200, answer);
    });
  };
}

function operationDocument(operation: Operation, state: ServiceState): OperationDocument {
  const { id, kind, requestedBy, requestedAt, planId, phase, step, changes, errors } = operation;
  const outcome = operationOutcome(operation, state);
  const endedAt = 'endedAt' in outcome ? outcome.endedAt : undefined;
  return {
    ...{ id, kind, requestedBy, requestedAt: new Date(requestedAt).toISOString() },
    ...(planId === undefined ? {} : { planId }),
    ...(phase === undefined ? {} : { phase }),
    ...(step === undefined ? {} : { step }),
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
