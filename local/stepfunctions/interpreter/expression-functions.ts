import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { Json } from './json.ts';

/** Where time and chance come from, so that a simulation can repeat an execution. */
export interface ExpressionSources {
  /** Epoch milliseconds of the transition; `$now()` and `$millis()` give it. */
  readonly nowMs: number;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly uuid: () => string;
}

const hashAlgorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const formatTime = jsonata('$fromMillis($ms, $picture, $zone)');

/**
 * The functions that Step Functions adds to JSONata, and the ones it changes.
 * Source: Step Functions developer guide, transforming data with JSONata.
 */
export function expressionFunctions(sources: ExpressionSources): Readonly<Record<string, unknown>> {
  return {
    partition,
    range,
    hash,
    parse: (text: string) => JSON.parse(text),
    uuid: () => sources.uuid(),
    random: (seed?: number) => (seed === undefined ? sources.random() : seededRandom(seed)),
    millis: () => sources.nowMs,
    now: (picture?: string, zone?: string) => formatTime.evaluate(undefined, { ms: sources.nowMs, picture, zone }),
    eval: () => {
      throw new Error('$eval is not supported by Step Functions; $parse reads JSON.');
    },
  };
}

function partition(values: readonly Json[], size: number): Json[] {
  if (!Number.isInteger(size) || size < 1) throw new Error(`$partition: the size ${size} is not a positive integer.`);
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

function range(first: number, last: number, step: number): number[] {
  if (![first, last, step].every(Number.isFinite) || step === 0) {
    throw new Error(`$range(${first}, ${last}, ${step}): three numbers are needed, and the step must not be 0.`);
  }
  const count = Math.floor((last - first) / step) + 1;
  if (count > 100_000) throw new Error(`$range: ${count} numbers are more than fit into a payload.`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

function hash(data: string, algorithm: string): string {
  const name = hashAlgorithms[algorithm];
  if (name === undefined) {
    throw new Error(`$hash: the algorithm '${algorithm}' is not one of ${Object.keys(hashAlgorithms).join(', ')}.`);
  }
  return createHash(name).update(data).digest('hex');
}

/** Equal seeds give equal numbers (mulberry32); AWS's own sequence is not published. */
function seededRandom(seed: number): number {
  let mixed = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
