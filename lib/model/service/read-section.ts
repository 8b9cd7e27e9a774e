import { constraintsText, readConstraints } from '../placement/placement-constraint.ts';
import { pointerOf, type Refusal } from '../refusal.ts';
import type { OptionField, OptionSection } from './option-field.ts';
import { optionHasItsType } from './validate/option-has-its-type.ts';
import { optionIsKnown } from './validate/option-is-known.ts';
import { optionIsWithinRange } from './validate/option-is-within-range.ts';
import { sectionIsAnObject } from './validate/section-is-an-object.ts';

/** A value and what is wrong with the input that it was read from; a refused value reads as its default. */
export interface Reading<Value> {
  readonly value: Value;
  readonly refusals: readonly Refusal[];
}

type Option = OptionField | OptionSection;

/** What a field or section of the schema reads as. */
export type ValueOf<Of extends Option> = Of extends { readonly type: 'choice' }
  ? Of['choices'][number]
  : Of extends { readonly type: 'string' | 'constraint' | 'duration' }
    ? string
    : Of extends { readonly type: 'boolean' }
      ? boolean
      : Of extends { readonly type: 'integer' | 'number' }
        ? number
        : Of extends { readonly fields: infer Fields extends Readonly<Record<string, Option>> }
          ? MembersOf<Fields>
          : never;

/** A field without a default is not there when it was not given. */
type MembersOf<Fields extends Readonly<Record<string, Option>>> = {
  readonly [Name in Exclude<keyof Fields, OptionalOf<Fields>>]: ValueOf<Fields[Name]>;
} & { readonly [Name in OptionalOf<Fields>]?: number };

type OptionalOf<Fields extends Readonly<Record<string, Option>>> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly type: 'optional integer' } ? Name : never;
}[keyof Fields];

/** Reads a section of an options document; what is not given has the schema's default. */
export function readSection<Section extends OptionSection>(
  section: Section,
  path: readonly string[],
  given: unknown,
): Reading<ValueOf<Section>> {
  const { value, refusals } = readOption(section, path, given);
  // The compiler cannot follow the schema through the recursion; readOption builds exactly what ValueOf says.
  return { value: value as ValueOf<Section>, refusals };
}

function readOption(option: Option, path: readonly string[], given: unknown): Reading<unknown> {
  return option.type === 'section' ? readFields(option, path, given) : readField(option, path, given);
}

function readFields(section: OptionSection, path: readonly string[], given: unknown): Reading<unknown> {
  const members = sectionIsAnObject(path, given);
  const readings = Object.entries(section.fields).map(
    ([name, option]) => [name, readOption(option, [...path, name], members.value[name])] as const,
  );
  return {
    value: Object.fromEntries(
      readings.map(([name, reading]) => [name, reading.value]).filter(([, value]) => value !== undefined),
    ),
    refusals: [
      ...members.refusals,
      ...optionIsKnown(path, members.value, Object.keys(section.fields)),
      ...readings.flatMap(([, reading]) => reading.refusals),
    ],
  };
}

function readField(field: OptionField, path: readonly string[], given: unknown): Reading<unknown> {
  if (given === undefined) return { value: field.default, refusals: [] };
  const pointer = pointerOf(...path);
  const typeRefusals = optionHasItsType(field, pointer, given);
  const refusals = typeRefusals.length > 0 ? typeRefusals : optionIsWithinRange(field, pointer, given);
  return { value: refusals.length === 0 ? canonicalValue(field, given) : field.default, refusals };
}

/** Spellings that mean the same are kept as one. */
function canonicalValue(field: OptionField, given: unknown): unknown {
  if (field.type !== 'constraint') return given;
  const reading = readConstraints(given);
  return reading.type === 'valid' ? constraintsText(reading.constraints) : field.default;
}
