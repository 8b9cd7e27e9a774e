/** How a call of another service went wrong, as far as every driver treats it alike. */
export type CallFailure = 'gone' | 'exists' | 'throttled' | 'other';

const GONE = /NotFound|NoSuch|DoesNotExist|NonExistent|NotExist/i;
const EXISTS =
  /AlreadyExist|AlreadyOwnedByYou|Duplicate|AlreadyAssociated|ResourceInUse|ResourceExists|QueueNameExists|ResourceConflict|^ConflictException$|^AlreadyExists/i;
const THROTTLED = /Throttl|RequestLimitExceeded|TooManyRequests|SlowDown/i;

/** Sorts an error by its name, which is AWS's code: services do not agree on the words, but on their parts. */
export function classifyFailure(error: unknown): CallFailure {
  const name = error instanceof Error ? error.name : '';
  if (THROTTLED.test(name)) return 'throttled';
  if (GONE.test(name)) return 'gone';
  return EXISTS.test(name) ? 'exists' : 'other';
}

/** Runs a deletion; what is gone already is done. */
export async function ignoreGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (classifyFailure(error) !== 'gone') throw error;
  }
}

/**
 * Runs a creation under a name of ours. Undefined means that it exists already, which is fine only when an earlier,
 * killed try may have made it; otherwise it is someone else's and the error goes on.
 */
export async function createOnce<Output>(isRetry: boolean, creation: Promise<Output>): Promise<Output | undefined> {
  try {
    return await creation;
  } catch (error) {
    if (isRetry && classifyFailure(error) === 'exists') return undefined;
    throw error;
  }
}
