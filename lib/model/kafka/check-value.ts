import type { KafkaDefinition } from './definition.ts';
import { type KafkaValue, listItems } from './parse-value.ts';

/** Whether Kafka's own validator of the property accepts a parsed value. */
export function isAllowedValue(definition: KafkaDefinition, value: KafkaValue): boolean {
  switch (definition.type) {
    case 'short':
    case 'int':
    case 'long':
    case 'double':
      return isInRange(definition, Number(value));
    case 'list':
      return isAllowedList(definition, listItems(value));
    case 'boolean':
    case 'string':
    case 'class':
    case 'password':
      return isAllowedText(definition, String(value));
  }
}

/** What a property takes, in words; for example `an integer of at least 1`. */
export function allowedValues(definition: KafkaDefinition): string {
  if (definition.form !== undefined) return definition.form.words;
  const type = typeWords[definition.type];
  const choice = definition.oneOf === undefined ? '' : `: ${definition.oneOf.join(', ')}`;
  const must = definition.mustHold === undefined ? '' : `, ${definition.mustHold} among them`;
  return `${definition.nonEmpty ? `${type} that is not empty` : type}${choice}${must}${rangeWords(definition)}`;
}

const typeWords: Readonly<Record<KafkaDefinition['type'], string>> = {
  boolean: 'true or false',
  string: 'a text',
  short: 'an integer (16 bits)',
  int: 'an integer (32 bits)',
  long: 'an integer (64 bits)',
  double: 'a number',
  list: 'a comma-separated list',
  class: 'the name of a class',
  password: 'a secret',
};

function rangeWords({ least, most, also }: KafkaDefinition): string {
  if (least === undefined) return '';
  const range = most === undefined ? ` of at least ${least}` : ` from ${least} to ${most}`;
  return also === undefined ? range : `${range}, or ${also}`;
}

function isInRange({ least, most, also }: KafkaDefinition, value: number): boolean {
  return value === also || ((least === undefined || value >= least) && (most === undefined || value <= most));
}

/** Kafka refuses empty items and, where it has a validator at all, items that come twice. */
function isAllowedList(definition: KafkaDefinition, items: readonly string[]): boolean {
  if (definition.nonEmpty && items.length === 0) return false;
  if (definition.mustHold !== undefined && !items.includes(definition.mustHold)) return false;
  if (items.includes('') || new Set(items).size < items.length) return false;
  return items.every((item) => isAllowedText({ ...definition, nonEmpty: false }, item));
}

function isAllowedText({ oneOf, ignoresCase, nonEmpty, form }: KafkaDefinition, text: string): boolean {
  if (nonEmpty && text === '') return false;
  if (form !== undefined && !form.pattern.test(text)) return false;
  if (oneOf === undefined) return true;
  const same = (item: string): boolean => (ignoresCase ? item.toLowerCase() === text.toLowerCase() : item === text);
  return oneOf.some(same);
}
