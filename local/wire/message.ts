import type { AwsError } from '../core/aws-error.ts';
import type { HostedService } from './hosted-service.ts';
import type { Operation } from './operation.ts';

/** A request as it came, wholly read. Header names are in lower case. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** What an answer says beside its content. */
export interface AnswerContext {
  readonly hosted: HostedService;
  readonly requestId: string;
}

/** One of AWS's wire protocols. Its readers throw AwsError for what cannot be read. */
export interface ProtocolAdapter {
  /** The operation that the request asks for. */
  readonly findOperation: (hosted: HostedService, request: WireRequest) => Operation;
  /** The input in the SDK's form, not yet checked. */
  readonly readInput: (hosted: HostedService, request: WireRequest) => unknown;
  readonly writeOutput: (operation: Operation, output: unknown, context: AnswerContext) => WireResponse;
  readonly writeError: (error: AwsError, context: AnswerContext) => WireResponse;
}
