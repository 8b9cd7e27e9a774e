const ARN_PARTS = 6;

/** Action names match whatever their case; `*` and `?` stand for any characters. */
export function matchesAction(pattern: string, action: string): boolean {
  return globOf(pattern.toLowerCase()).test(action.toLowerCase());
}

/**
 * Whether the resource of a statement covers a resource. `*` and `?` match within a segment of an ARN, in the last one
 * also over colons. Source: IAM User Guide, IAM JSON policy elements: Resource.
 */
export function matchesResource(pattern: string, resource: string): boolean {
  return pattern === '*' || matchesArn(pattern, resource);
}

/** ArnLike and ArnEquals, which mean the same. What is no ARN on both sides does not match. */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = splitArn(pattern);
  const given = splitArn(arn);
  return wanted.length === given.length && wanted.every((part, index) => globOf(part).test(given[index] ?? ''));
}

/** StringLike. */
export function matchesText(pattern: string, text: string): boolean {
  return globOf(pattern).test(text);
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

const globs = new Map<string, RegExp>();
const MAX_GLOBS = 10_000;

/** Compiled once: each call of a role asks the same few patterns. */
function globOf(pattern: string): RegExp {
  const known = globs.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  const glob = new RegExp(`^${source}$`, 's');
  if (globs.size >= MAX_GLOBS) globs.clear();
  globs.set(pattern, glob);
  return glob;
}
