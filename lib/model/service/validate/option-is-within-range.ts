import type { Refusal } from '../../refusal.ts';
import type { NumberOption, OptionField, TextOption } from '../option-schema.ts';

/** A value of the right type is one that the schema allows. */
export function optionIsWithinRange(field: OptionField, pointer: string, value: unknown): readonly Refusal[] {
  const isAllowed = field.type === 'string' ? matches(field, value) : isInRange(field, Number(value));
  if (isAllowed) return [];
  const allowed = allowedOf(field);
  return [{ pointer, value, message: `${field.title} must be ${allowed}, not ${JSON.stringify(value)}`, allowed }];
}

/** What a field takes, in words. */
function allowedOf(field: OptionField): string {
  if (field.type === 'string') return field.allowed;
  const { least, most, also, oneOf, unit } = field;
  if (oneOf !== undefined) return `one of ${oneOf.join(', ')}`;
  const range = `from ${least} to ${most}${unit === undefined ? '' : ` ${unit}`}`;
  return also === undefined ? range : `${also} or ${range}`;
}

function matches(field: TextOption, value: unknown): boolean {
  return typeof value === 'string' && field.pattern.test(value);
}

function isInRange({ least, most, also, oneOf }: NumberOption, value: number): boolean {
  if (oneOf !== undefined) return oneOf.includes(value);
  return value === also || (value >= least && value <= most);
}
