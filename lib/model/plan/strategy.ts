/** A canary strategy stops before the first and before the second step until an operator continues. */
export type Strategy = 'serial' | 'parallel' | 'serial-canary' | 'parallel-canary';
