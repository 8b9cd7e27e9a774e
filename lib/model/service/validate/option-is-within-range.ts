import { allowedConstraints, readConstraints } from '../../placement/placement-constraint.ts';
import type { Refusal } from '../../refusal.ts';
import { durationSeconds } from '../duration.ts';
import type {
  ChoiceOption,
  ConstraintOption,
  DurationOption,
  NumberOption,
  OptionalNumber,
  OptionField,
  TextOption,
} from '../option-field.ts';

/** A value of the right type is one that the schema allows. */
export function optionIsWithinRange(field: OptionField, pointer: string, value: unknown): readonly Refusal[] {
  const refusal = refusalOf(field, value);
  return refusal === undefined ? [] : [{ pointer, value, ...refusal }];
}

type Words = Omit<Refusal, 'pointer' | 'value'>;

function refusalOf(field: OptionField, value: unknown): Words | undefined {
  switch (field.type) {
    case 'string':
      return textRefusal(field, String(value));
    case 'choice':
      return choiceRefusal(field, String(value));
    case 'constraint':
      return constraintRefusal(field, value);
    case 'duration':
      return durationRefusal(field, String(value));
    case 'boolean':
      return undefined;
    case 'integer':
    case 'number':
      return numberRefusal(field, Number(value));
    case 'optional integer':
      return optionalRefusal(field, Number(value));
  }
}

const mostCharactersShown = 80;

function textRefusal({ title, pattern, allowed }: TextOption, value: string): Words | undefined {
  if (pattern.test(value)) return undefined;
  return { message: `${title} must be ${allowed}, not ${quoted(value)}`, allowed, hint: 'choose another one' };
}

function choiceRefusal(field: ChoiceOption, value: string): Words | undefined {
  const { title, choices } = field;
  if (choices.includes(value)) return undefined;
  const allowed = `one of ${choices.join(', ')}`;
  const hint = `write ${choices.join(' or ')}, or leave it out for ${field.default}`;
  return { message: `${title} must be ${allowed}, not ${quoted(value)}`, allowed, hint };
}

function constraintRefusal({ title }: ConstraintOption, value: unknown): Words | undefined {
  const reading = readConstraints(value);
  if (reading.type === 'valid') return undefined;
  const { message, hint = 'leave it out for one broker on each host, or write [] for none' } = reading;
  return { message: `${title} cannot be taken: ${message}`, allowed: allowedConstraints, hint };
}

function numberRefusal(field: NumberOption, value: number): Words | undefined {
  if (isInRange(field, value)) return undefined;
  const allowed = allowedNumbers(field);
  const hint = field.hint ?? `choose a number that is allowed, or leave it out for ${field.default}`;
  return { message: `${field.title} must be ${allowed}, not ${value}`, allowed, hint };
}

function durationRefusal(field: DurationOption, value: string): Words | undefined {
  const { title, leastSeconds, mostSeconds, allowed } = field;
  const seconds = durationSeconds(value);
  if (seconds === undefined) {
    const words = 'a whole number with one unit, s, m, h or d';
    const hint = `write for example 30s, 2m or 3h, or leave it out for ${field.default}`;
    return { message: `${title} must be ${words}, not ${quoted(value)}`, allowed: words, hint };
  }
  if (seconds >= leastSeconds && seconds <= mostSeconds) return undefined;
  const hint = `choose a duration that is allowed, or leave it out for ${field.default}`;
  return { message: `${title} must be ${allowed}, not ${quoted(value)}`, allowed, hint };
}

function optionalRefusal({ title, least, most, absent }: OptionalNumber, value: number): Words | undefined {
  if (value >= least && value <= most) return undefined;
  const allowed = `from ${least} to ${most}`;
  return { message: `${title} must be ${allowed}, not ${value}`, allowed, hint: absent };
}

/** What a number may be, in words. */
function allowedNumbers({ least, most, also, oneOf, unit }: NumberOption): string {
  if (oneOf !== undefined) return `one of ${oneOf.join(', ')}`;
  const range = `from ${least} to ${most}${unit === undefined ? '' : ` ${unit}`}`;
  return also === undefined ? range : `${also} or ${range}`;
}

function isInRange({ least, most, also, oneOf }: NumberOption, value: number): boolean {
  if (oneOf !== undefined) return oneOf.includes(value);
  return value === also || (value >= least && value <= most);
}

function quoted(value: string): string {
  return JSON.stringify(value.length > mostCharactersShown ? `${value.slice(0, mostCharactersShown)}…` : value);
}
