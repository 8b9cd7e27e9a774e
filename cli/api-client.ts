import { problemMediaType } from '../lib/contract/problem-media-type.ts';
import { type Problem, problemSchema } from '../lib/contract/problem-schema.ts';
import { alreadySo } from './already-so.ts';
import { CommandError } from './command-error.ts';
import { describeProblem } from './describe-problem.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { reasonOf } from './reason-of.ts';
import type { Settings } from './settings.ts';

/** Reads an answer; the schemas of the contract are such readers. */
export interface Reader<Value> {
  safeParse(
    answer: unknown,
  ): { readonly success: true; readonly data: Value } | { readonly success: false; readonly error: unknown };
}

/** One call of the API. */
interface Call<Value> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Statuses whose body `schema` reads. */
  readonly accepts: readonly number[];
  readonly schema: Reader<Value>;
  /** A problem document as the text of the error; absent: `describeProblem`. */
  readonly describe?: (problem: Problem) => string;
}

interface Answer<Value> {
  readonly status: number;
  readonly value: Value;
}

export interface ApiClient {
  call<Value>(call: Call<Value>): Promise<Answer<Value>>;
}

export interface ApiClientOptions {
  readonly settings: Settings;
  readonly interrupted: AbortSignal;
  /** Takes a line about each request; never the token. */
  readonly trace: (line: string) => void;
}

const requestTimeoutMs = 35_000;

/** Calls the API over HTTP. Every failure is a CommandError with its exit code and the next step. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  return {
    async call(call) {
      const response = await send(options, call);
      const text = await response.text();
      options.trace(`< ${response.status} ${response.headers.get('content-type') ?? ''}`);
      if (!call.accepts.includes(response.status) || isProblem(response))
        throw failureOf(options.settings, { response, text, ...call });
      return { status: response.status, value: parseAnswer(call, text) };
    },
  };
}

/** Some operations have statuses of failure with an answer of their own: a problem document is never that. */
function isProblem(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith(problemMediaType) === true;
}

async function send(options: ApiClientOptions, call: Call<unknown>): Promise<Response> {
  const { url, token } = options.settings;
  options.trace(`> ${call.method} ${url}${call.path}`);
  try {
    return await fetch(`${url}${call.path}`, {
      method: call.method,
      headers: {
        accept: `application/json, ${problemMediaType}`,
        ...(token === undefined ? {} : { authorization: `token=${token}` }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any([options.interrupted, AbortSignal.timeout(requestTimeoutMs)]),
    });
  } catch (cause) {
    if (options.interrupted.aborted) throw cause;
    throw new CommandError(`${url} cannot be reached: ${reasonOf(cause)}.`, {
      exitCode: exitCode.unreachable,
      hint: 'Is the address right, and is the deployment (or `npm start`) running?',
      cause,
    });
  }
}

function parseAnswer<Value>({ method, path, schema }: Call<Value>, text: string): Value {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new CommandError(`The answer to ${method} ${path} is not what this version understands.`, {
    exitCode: exitCode.failed,
    hint: 'Use the CLI that belongs to the deployment',
    cause: parsed.error,
  });
}

interface Failure {
  readonly response: Response;
  readonly text: string;
  readonly describe?: (problem: Problem) => string;
}

function failureOf({ url, name }: Settings, { response, text, describe = describeProblem }: Failure): CommandError {
  const problem = problemSchema.safeParse(parseJson(text));
  const { status } = response;
  if (status === 208) return new CommandError(alreadySo, { exitCode: exitCode.failed });
  if (status === 401 || status === 403) {
    const message = status === 401 ? `${url} wants a token.` : `${url} does not know this token.`;
    return new CommandError(message, { exitCode: exitCode.unreachable, hint: 'Give --token or set WARDEN_TOKEN' });
  }
  if (!problem.success) {
    return new CommandError(`${url} answered ${status} ${response.statusText}.`, {
      exitCode: exitCodeOf(status),
      hint: status >= 500 ? 'It may still be starting: try again' : 'Is this the address of a Warden API?',
    });
  }
  const hint = status === 404 ? `The service is named ${name} here; choose another one with --name` : undefined;
  return new CommandError(describe(problem.data), {
    exitCode: exitCodeOf(status),
    ...(hint === undefined ? {} : { hint }),
  });
}

function exitCodeOf(status: number): ExitCode {
  switch (status) {
    case 404:
      return exitCode.notFound;
    case 409:
    case 412:
      return exitCode.conflict;
    case 502:
    case 503:
    case 504:
      return exitCode.unreachable;
    default:
      return exitCode.failed;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
