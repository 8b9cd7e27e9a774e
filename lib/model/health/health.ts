/**
 * Health in the numbers of the 2.x guides: 200 running, 202 deploying, 204 deploy pending, 203 recovery pending,
 * 205 recovery starting, 206 degraded, 207 waiting for the user, 208 delayed, 500 errors in a plan, 503 nothing is known.
 * Source: dcos-commons, ServiceStatusTracker.
 */
export type HealthValue = 200 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 500 | 503;

/** Computed on each read, never stored. */
export interface Health {
  readonly value: HealthValue;
  /** Sentences: what keeps it from 200, and what a person should look at. */
  readonly reasons: readonly string[];
}
