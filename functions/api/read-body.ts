import { pointerOf } from '../../lib/model/refusal.ts';
import { type Body, maxBodyBytes } from './api-request.ts';
import { type ApiResponse, problem } from './api-response.ts';

/** What a body is read by, and how it is explained. */
export interface BodyForm<Document> {
  /** Part of a schema of lib/contract: all that is needed of it here. */
  readonly schema: {
    safeParse(
      value: unknown,
    ):
      | { readonly success: true; readonly data: Document }
      | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
  };
  /** The whole form in one sentence. */
  readonly sentence: string;
  /** The members that there are. */
  readonly allowed: string;
  readonly hint: string;
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

export type BodyReading<Document> =
  | { readonly type: 'read'; readonly document: Document }
  | { readonly type: 'answered'; readonly response: ApiResponse };

const mostErrors = 100;

/** Reads a body. None at all counts as an empty object. */
export function readDocument<Document>(body: Body, form: BodyForm<Document>): BodyReading<Document> {
  switch (body.type) {
    case 'none':
      return parse({}, form);
    case 'json':
      return parse(body.value, form);
    case 'too large': {
      const detail = `The body has ${body.bytes} bytes, more than ${maxBodyBytes}`;
      return { type: 'answered', response: problem({ kind: 'too-large', status: 413, detail }) };
    }
    case 'not json':
      return badRequest(`The body is not JSON: ${body.reason}`);
  }
}

function parse<Document>(value: unknown, form: BodyForm<Document>): BodyReading<Document> {
  const parsed = form.schema.safeParse(value);
  if (parsed.success) return { type: 'read', document: parsed.data };
  const error = (path: readonly PropertyKey[], detail: string) => ({
    ...{ pointer: pointerOf(...path.map(String)), detail, allowed: form.allowed, hint: form.hint },
  });
  const errors = parsed.error.issues.flatMap(({ path, message, code, keys = [] }) =>
    // Each unknown member by its own name, as unknown options are. A body has room for many thousands.
    code === 'unrecognized_keys'
      ? keys.slice(0, mostErrors).map((key) => error([...path, key], `there is no member ${key.slice(0, 100)}`))
      : [error(path, message)],
  );
  return badRequest(form.sentence, errors);
}

function badRequest(
  detail: string,
  errors?: Parameters<typeof problem>[0]['errors'],
): { readonly type: 'answered'; readonly response: ApiResponse } {
  const members = errors === undefined ? { detail } : { detail, errors };
  return { type: 'answered', response: problem({ kind: 'bad-request', status: 400, ...members }) };
}
