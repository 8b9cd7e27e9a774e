import { types } from 'node:util';

/** Why something failed, in words. fetch hides the reason, for example a refused connection, in the cause. */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return types.isNativeError(error.cause) && error.cause.message !== '' ? error.cause.message : error.message;
}
