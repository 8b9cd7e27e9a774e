/** What a task token says to the one who gave it out. */
export interface TaskTokenContent {
  readonly executionArn: string;
  /** Differs for each attempt of each task, so that a token is good for one attempt only. */
  readonly nonce: string;
}

/** Makes the text of a task token. It names its execution, so a token is found again after a restart without an index. */
export function encodeTaskToken(content: TaskTokenContent): string {
  return Buffer.from(JSON.stringify([content.executionArn, content.nonce])).toString('base64url');
}

/** Reads a task token; undefined when it is none of ours. */
export function decodeTaskToken(token: string): TaskTokenContent | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!Array.isArray(content) || content.length !== 2) return undefined;
    const [executionArn, nonce]: unknown[] = content;
    return typeof executionArn === 'string' && typeof nonce === 'string' ? { executionArn, nonce } : undefined;
  } catch {
    // Text that is not JSON was not made by encodeTaskToken: the caller answers InvalidToken.
    return undefined;
  }
}
