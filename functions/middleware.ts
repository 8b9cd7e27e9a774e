import type { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problem } from './api/api-response.ts';

/** An error of the world that an adapter reports: a stable name and code, and whether a repetition may succeed. */
interface OperatingError extends Error {
  readonly code: string;
  readonly retriable: boolean;
}

/**
 * The one place where errors of operation become answers. Callers learn what they can act on; everything else is in
 * the log under the id of the request.
 */
export function problemDocuments(
  logger: Logger,
): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    name: 'problem documents',
    onError: (request) => {
      const error = request.error ?? new Error('a handler failed without an error');
      logger.error('request failed', error);
      request.response = answerTo(error, request.event.requestContext.requestId);
    },
  };
}

function answerTo(error: Error, requestId: string): APIGatewayProxyStructuredResultV2 {
  if (isOperatingError(error) && error.retriable) {
    const detail = `${error.name}: ${error.message}. Try again`;
    const answer = problem({ kind: 'unavailable', status: 503, detail, instance: requestId });
    return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
  }
  if (isOperatingError(error) && isDenied(error.cause)) {
    const detail = `${error.name}: ${error.message}. Allow it in the role of this function, or deploy the stack again`;
    return problem({ kind: 'permission-missing', status: 500, detail, instance: requestId });
  }
  const detail = `The request failed. The log has the reason under the request id ${requestId}`;
  return problem({ kind: 'internal-error', status: 500, detail, instance: requestId });
}

function isOperatingError(error: Error): error is OperatingError {
  return 'retriable' in error && 'code' in error && String(error.code).startsWith('WARDEN_');
}

/** AWS's refusals for want of a permission: each service has one of these names. Their messages name the denied action. */
function isDenied(cause: unknown): boolean {
  return (
    cause instanceof Error && ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'].includes(cause.name)
  );
}
