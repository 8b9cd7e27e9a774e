import { AwsError } from '../core/aws-error.ts';

/** The terms of an unstructured filter pattern. */
interface Terms {
  readonly all: readonly string[];
  readonly any: readonly string[];
  readonly none: readonly string[];
}

/**
 * Makes a predicate of an unstructured filter pattern: `a "b c"` wants all terms, `?a ?b` any, `-a` none.
 * Terms are substrings and case counts. JSON, delimited and regular-expression patterns are refused.
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[]/.test(text) || text.includes('%')) {
    throw new AwsError(
      'UnsupportedOperation',
      `filterPattern ${pattern}: the local cloud takes terms ("a b", ?any, -without), not JSON, delimited or regular-expression patterns.`,
    );
  }
  const terms = parseTerms(text);
  return (message) =>
    terms.all.every((term) => message.includes(term)) &&
    terms.none.every((term) => !message.includes(term)) &&
    (terms.any.length === 0 || terms.any.some((term) => message.includes(term)));
}

function parseTerms(text: string): Terms {
  const all: string[] = [];
  const any: string[] = [];
  const none: string[] = [];
  for (const [, sign, quoted, bare] of text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const term = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    if (sign === '?') any.push(term);
    else if (sign === '-') none.push(term);
    else all.push(term);
  }
  return { all, any, none };
}
