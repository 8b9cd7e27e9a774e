import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessTokens } from '../../lib/ports/access-tokens.ts';

/**
 * The name of the token in an Authorization header, `token=<token>` as in the guides or `Bearer <token>`; undefined when
 * it is not a known one. All tokens are compared, each in constant time, so that the time taken tells nothing.
 */
export async function tokenNameOf(tokens: AccessTokens, header: string | undefined): Promise<string | undefined> {
  const given = /^(?:token=|Bearer\s+)(\S+)$/i.exec(header?.trim() ?? '')?.[1];
  if (given === undefined) return undefined;
  const known = await tokens.read();
  const matches = Object.entries(known).filter(([, token]) => token.length > 0 && isSame(token, given));
  return matches[0]?.[0];
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

/** Digests are of one length, which timingSafeEqual needs, and hide the length of the token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
