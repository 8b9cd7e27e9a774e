import type { ApiResponse } from './api-response.ts';
import { gatewayResponse } from './api-response.ts';
import { type ApiStore, type AuthorizerRecord, executeArn } from './api-store.ts';
import { callFunction } from './call-function.ts';
import { readIdentity } from './identity-source.ts';
import { buildAuthorizerEvent, type PayloadOptions } from './payload.ts';

/** Whether a request may go on; `context` is what the authorizer tells the function, null for nothing. */
type Verdict =
  | { readonly type: 'allowed'; readonly context: unknown }
  | { readonly type: 'refused'; readonly response: ApiResponse; readonly reason?: string };

/** Asks the authorizers, and remembers their answers for as long as they allow. */
export type Authorize = (authorizer: AuthorizerRecord, options: PayloadOptions) => Promise<Verdict>;

interface Remembered {
  readonly verdict: Verdict;
  readonly expiresAt: number;
}

const AUTHORIZER_TIMEOUT_MS = 10_000;
const MAX_REMEMBERED = 10_000;

/** Makes an `authorize` with a memory of its own. */
export function createAuthorize(store: ApiStore): Authorize {
  const remembered = new Map<string, Remembered>();
  return async (authorizer, options) => {
    const { stage, request, match } = options;
    const identity = readIdentity(authorizer.identitySource, { request, stage, routeKey: match.route.routeKey });
    if (identity === undefined) return { type: 'refused', response: gatewayResponse(401, 'Unauthorized') };
    // A changed authorizer is another one: nothing is remembered of it.
    const key = JSON.stringify([authorizer, identity]);
    const known = remembered.get(key);
    const now = store.clock.now();
    if (known !== undefined && known.expiresAt > now) return known.verdict;
    const verdict = await ask(store, authorizer, { options, identity });
    const isAnswer = verdict.type === 'allowed' || verdict.response.status === 403;
    if (authorizer.ttlSeconds > 0 && isAnswer) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(key, { verdict, expiresAt: now + authorizer.ttlSeconds * 1000 });
    }
    return verdict;
  };
}

async function ask(
  store: ApiStore,
  authorizer: AuthorizerRecord,
  { options, identity }: { readonly options: PayloadOptions; readonly identity: readonly string[] },
): Promise<Verdict> {
  const { api, stage, request } = options;
  const routeArn = executeArn(store, api.id, `${stage.name}/${request.method}${request.path}`);
  const answer = await callFunction(store.cloud, {
    functionArn: authorizer.functionArn,
    sourceArn: executeArn(store, api.id, `authorizers/${authorizer.id}`),
    event: buildAuthorizerEvent(options, { routeArn, identitySource: identity }),
    timeoutMs: AUTHORIZER_TIMEOUT_MS,
  });
  if (answer.type !== 'returned') {
    return failed(answer.type === 'failed' ? answer.reason : `The authorizer ${authorizer.name} is ${answer.type}.`);
  }
  const result: unknown = JSON.parse(answer.payload);
  if (
    typeof result !== 'object' ||
    result === null ||
    !('isAuthorized' in result) ||
    typeof result.isAuthorized !== 'boolean'
  ) {
    return failed(
      `The authorizer ${authorizer.name} answered ${answer.payload.slice(0, 500)}; it must answer {"isAuthorized": true|false}.`,
    );
  }
  if (!result.isAuthorized) return { type: 'refused', response: gatewayResponse(403, 'Forbidden') };
  return { type: 'allowed', context: 'context' in result ? result.context : null };
}

function failed(reason: string): Verdict {
  return { type: 'refused', response: gatewayResponse(500, 'Internal Server Error'), reason };
}
