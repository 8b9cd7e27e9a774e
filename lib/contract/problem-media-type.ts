/** Media type of every answer that is no success (RFC 9457). */
export const problemMediaType = 'application/problem+json';
