/** How many calls may come at once, and how many more each second. Source for AWS's own: aws-buckets.ts. */
export interface BucketSize {
  readonly burst: number;
  readonly ratePerSecond: number;
}

/** What is in a bucket at a moment, epoch milliseconds. */
export interface BucketLevel {
  readonly tokens: number;
  readonly at: number;
}

/** Takes tokens out of a bucket that has been filling since it was last looked at; too few stay where they are. */
export function takeTokens(
  level: BucketLevel | undefined,
  { burst, ratePerSecond }: BucketSize,
  wanted: { readonly tokens: number; readonly now: number },
): { readonly isTaken: boolean; readonly level: BucketLevel } {
  const { now } = wanted;
  const seconds = level === undefined ? 0 : Math.max(0, now - level.at) / 1000;
  const tokens = level === undefined ? burst : Math.min(burst, level.tokens + seconds * ratePerSecond);
  const isTaken = tokens >= wanted.tokens;
  return { isTaken, level: { tokens: isTaken ? tokens - wanted.tokens : tokens, at: now } };
}
