import type { Wish } from './parse-command.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_ENDPOINT = 'http://127.0.0.1:4566';

/** What became of a wish: text for people, and whether the cloud did it, refused it or did not answer. */
export interface Outcome {
  readonly type: 'done' | 'refused' | 'unreachable';
  readonly text: string;
}

/** Asks the control of a cloud. Never throws but for an endpoint that is none. @throws UsageError */
export async function callControl(
  wish: Exclude<Wish, { type: 'help' }>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const endpoint = readEndpoint(wish.endpoint ?? environment['AWS_ENDPOINT_URL'] ?? DEFAULT_ENDPOINT);
  const path = wish.type === 'status' ? '' : `/${wish.path}`;
  const request: RequestInit = wish.type === 'status' ? {} : { method: 'POST', body: JSON.stringify(wish.input) };
  const address = new URL(`/_cloud/chaos${path}`, endpoint);
  let answer: Response;
  try {
    answer = await fetch(address, request);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = 'npm start starts one; --endpoint or AWS_ENDPOINT_URL says where it is';
    return { type: 'unreachable', text: `No local cloud answers at ${endpoint.origin} (${reason}). ${hint}` };
  }
  return readAnswer(answer, endpoint);
}

/** Disturbances are for a cloud on this machine: a name of AWS must not even be asked. */
function readEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+)$/.test(url.hostname)) return url;
  throw new UsageError(
    `The endpoint is ${text}; allowed are addresses of this machine, for example ${DEFAULT_ENDPOINT}`,
  );
}

async function readAnswer(answer: Response, endpoint: URL): Promise<Outcome> {
  const content = parse(await answer.text());
  if (typeof content['done'] === 'string') return { type: 'done', text: content['done'] };
  if (Array.isArray(content['disturbances'])) {
    const lines: readonly string[] = content['disturbances'].map(String);
    return { type: 'done', text: lines.length === 0 ? 'Nothing is disturbed' : lines.join('\n') };
  }
  if (typeof content['error'] === 'string') return { type: 'refused', text: content['error'] };
  return {
    type: 'unreachable',
    text: `What answers at ${endpoint.origin} is no local cloud with a chaos control (HTTP ${answer.status})`,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // No JSON is no answer of a control.
    return {};
  }
}
