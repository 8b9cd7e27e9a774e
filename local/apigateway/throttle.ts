/** What a route may take: `rate` tokens come back each second, `burst` fit into the bucket. */
interface ThrottleLimit {
  readonly rate: number;
  readonly burst: number;
}

/** Whether one more request may pass; `nowMs` is epoch milliseconds. */
export type Throttle = (route: string, limit: ThrottleLimit, nowMs: number) => boolean;

interface Bucket {
  readonly tokens: number;
  readonly filledAt: number;
}

/** Token buckets, one for each route, full at the beginning. */
export function createThrottle(): Throttle {
  const buckets = new Map<string, Bucket>();
  return (route, { rate, burst }, nowMs) => {
    const bucket = buckets.get(route) ?? { tokens: burst, filledAt: nowMs };
    const tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.filledAt) / 1000) * rate);
    const passes = tokens >= 1;
    buckets.set(route, { tokens: passes ? tokens - 1 : tokens, filledAt: nowMs });
    return passes;
  };
}
