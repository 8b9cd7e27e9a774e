import type { Refusal } from '../../refusal.ts';
import type { OptionField } from '../option-field.ts';

/** A value is of the type that the schema says; a number in quotes is not a number. */
export function optionHasItsType(field: OptionField, pointer: string, value: unknown): readonly Refusal[] {
  if (hasType(field, value)) return [];
  return [
    {
      pointer,
      value,
      message: `${field.title} must be ${words[field.type]}, not ${describe(value)}`,
      allowed: words[field.type],
      hint: hints[field.type],
    },
  ];
}

const words: Readonly<Record<OptionField['type'], string>> = {
  string: 'a text',
  choice: 'a text',
  duration: 'a text',
  boolean: 'true or false',
  integer: 'an integer',
  'optional integer': 'an integer',
  number: 'a number',
  constraint: 'a text or a list',
};

const hints: Readonly<Record<OptionField['type'], string>> = {
  string: 'write it in quotes',
  choice: 'write it in quotes',
  duration: 'write a number and its unit in quotes, for example "30s", "2m" or "3h"',
  boolean: 'write true or false without quotes',
  integer: 'write whole digits without quotes',
  'optional integer': 'write whole digits without quotes, or leave it out',
  number: 'write it without quotes',
  constraint: 'write [] for none',
};

function hasType(field: OptionField, value: unknown): boolean {
  switch (field.type) {
    case 'string':
    case 'choice':
    case 'duration':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
    case 'optional integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'constraint':
      return typeof value === 'string' || Array.isArray(value);
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return `the text "${value.slice(0, 40)}"`;
    case 'object':
      return 'an object';
    default:
      return String(value);
  }
}
