import type { KafkaDefinition, KafkaType } from './definition.ts';

export type KafkaValue = string | number | boolean;

export type ParsedValue = { readonly type: 'valid'; readonly value: KafkaValue } | { readonly type: 'invalid' };

const invalid: ParsedValue = { type: 'invalid' };

/** Largest magnitude of Kafka's integers: Java's short, int and long. */
const integerBits: Partial<Record<KafkaType, bigint>> = { short: 15n, int: 31n, long: 63n };

/**
 * Reads a value as Kafka reads it from server.properties: numbers and booleans may be given as text.
 * The result is canonical, so that `"168"` and `168` are one value, and `a, b` and `a,b`, which Kafka describes as the
 * latter; a long beyond 2^53 stays text to keep its digits.
 * Source: ConfigDef.parseType of Kafka 4.3.1.
 */
export function parseKafkaValue(definition: KafkaDefinition, given: unknown): ParsedValue {
  switch (definition.type) {
    case 'boolean':
      return parseBoolean(given);
    case 'short':
    case 'int':
    case 'long':
      return parseInteger(given, integerBits[definition.type] ?? 0n);
    case 'double':
      return parseDouble(given);
    case 'list':
      return typeof given === 'string' ? { type: 'valid', value: listItems(given.trim()).join(',') } : invalid;
    case 'string':
    case 'class':
    case 'password':
      return typeof given === 'string' ? { type: 'valid', value: given.trim() } : invalid;
  }
}

/** The items of a list value. Source: ConfigDef.parseType, which gives no items for an empty text. */
export function listItems(value: KafkaValue): readonly string[] {
  return value === '' ? [] : String(value).split(/\s*,\s*/);
}

function parseBoolean(given: unknown): ParsedValue {
  if (typeof given === 'boolean') return { type: 'valid', value: given };
  const word = typeof given === 'string' ? given.trim().toLowerCase() : '';
  return word === 'true' || word === 'false' ? { type: 'valid', value: word === 'true' } : invalid;
}

function parseInteger(given: unknown, bits: bigint): ParsedValue {
  const text = typeof given === 'number' && Number.isSafeInteger(given) ? String(given) : given;
  if (typeof text !== 'string' || !/^[+-]?\d{1,20}$/.test(text.trim())) return invalid;
  const integer = BigInt(text.trim().replace('+', ''));
  if (integer < -(1n << bits) || integer >= 1n << bits) return invalid;
  const number = Number(integer);
  return { type: 'valid', value: Number.isSafeInteger(number) ? number : String(integer) };
}

function parseDouble(given: unknown): ParsedValue {
  const text = typeof given === 'string' ? given.trim() : given;
  if (typeof text === 'string' && !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text)) return invalid;
  const number = typeof text === 'string' || typeof text === 'number' ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? { type: 'valid', value: number } : invalid;
}
