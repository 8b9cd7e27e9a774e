import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it came over the wire; `body` is parsed, absent without one. */
interface SeenRequest {
  readonly request: string;
  readonly body?: unknown;
}

/** What the next request for a method and target is answered; text is sent as plain text. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType?: string;
}

/** A server that answers what it is told, in that order, and keeps what it was asked. Other requests get 500. */
export interface ScriptedApi {
  readonly url: string;
  readonly seen: SeenRequest[];
  readonly answer: (request: string, ...answers: readonly ScriptedAnswer[]) => void;
  readonly close: () => Promise<void>;
}

export async function serveScript(): Promise<ScriptedApi> {
  const seen: SeenRequest[] = [];
  const script = new Map<string, ScriptedAnswer[]>();
  const server = createServer(async (request, response) => {
    const name = `${request.method} ${request.url}`;
    const text = (await buffer(request)).toString('utf8');
    seen.push({ request: name, ...(text === '' ? {} : { body: JSON.parse(text) }) });
    const queue = script.get(name) ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    const { status, body, contentType } = answer ?? { status: 500, body: `not scripted: ${name}` };
    const plain = typeof body === 'string';
    response.writeHead(status, { 'content-type': contentType ?? (plain ? 'text/plain' : 'application/json') });
    response.end(plain ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    answer: (request, ...answers) => void script.set(request, [...answers]),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** A problem document as the API writes it. */
export function problemAnswer(
  status: number,
  kind: string,
  detail: string,
  errors?: readonly object[],
): ScriptedAnswer {
  const type = `urn:warden:problem:${kind}`;
  const body = { type, title: 'Bad', status, detail, ...(errors === undefined ? {} : { errors }) };
  return { status, body, contentType: 'application/problem+json' };
}
