import { STATUS_CODES } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problemMediaType } from '../../lib/contract/problem-media-type.ts';
import type { Problem } from '../../lib/contract/problem-schema.ts';

export type ApiResponse = APIGatewayProxyStructuredResultV2;

/** A JSON answer, indented by two as the guides show it. */
export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: textOf(body) };
}

/** A text, as the guides have some. */
export function text(statusCode: number, body: string): ApiResponse {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${body}\n` };
}

type ProblemKind =
  | 'bad-request'
  | 'options-refused'
  | 'not-confirmed'
  | 'not-found'
  | 'method-not-allowed'
  | 'name-taken'
  | 'port-taken'
  | 'installs-barred'
  | 'services-live'
  | 'contested'
  | 'going-away'
  | 'changed-meanwhile'
  | 'never-started'
  | 'only-controller'
  | 'unknown-to-the-table'
  | 'not-awaited'
  | 'not-implemented'
  | 'too-large'
  | 'unavailable'
  | 'permission-missing'
  | 'internal-error';

/** What is wrong with a request, or went wrong with it. */
export interface ProblemInput extends Pick<Problem, 'status' | 'detail' | 'errors' | 'instance'> {
  readonly kind: ProblemKind;
}

/** An answer that is no success: a problem document (RFC 9457). */
export function problem({ kind, status, ...members }: ProblemInput): ApiResponse {
  const document: Problem = {
    type: `urn:warden:problem:${kind}`,
    title: STATUS_CODES[status] ?? 'Unknown',
    status,
    ...members,
  };
  return { statusCode: status, headers: { 'content-type': problemMediaType }, body: textOf(document) };
}

function textOf(body: unknown): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}
