import { randomInt } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';

/** What a password may hold, in the API's words. */
export interface PasswordRules {
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly ExcludeLowercase?: boolean;
  readonly IncludeSpace?: boolean;
  readonly RequireEachIncludedType?: boolean;
}

const DEFAULT_LENGTH = 32;
const MAX_LENGTH = 4096;

/**
 * Draws a password from the kinds of characters that are left.
 * @throws InvalidParameterException when none is left, or the length does not hold one of each
 */
export function drawPassword(rules: PasswordRules): string {
  const length = rules.PasswordLength ?? DEFAULT_LENGTH;
  const kinds = characterKinds(rules);
  const isEachRequired = rules.RequireEachIncludedType ?? true;
  if (kinds.length === 0) throw invalid('No characters are left to choose from');
  if (!Number.isInteger(length) || length < 1 || length > MAX_LENGTH)
    throw invalid(`PasswordLength is ${length}; allowed are 1 to ${MAX_LENGTH}`);
  if (isEachRequired && length < kinds.length)
    throw invalid(
      `PasswordLength is ${length}, which does not hold one of each of ${kinds.length} kinds of characters`,
    );
  const all = kinds.join('');
  const drawn = Array.from({ length }, (_, index) => draw(isEachRequired ? (kinds[index] ?? all) : all));
  return shuffle(drawn).join('');
}

function characterKinds(rules: PasswordRules): string[] {
  const kinds = [
    rules.ExcludeLowercase === true ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase === true ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers === true ? '' : '0123456789',
    rules.ExcludePunctuation === true ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace === true ? ' ' : '',
  ];
  const excluded = new Set(rules.ExcludeCharacters ?? '');
  return kinds
    .map((kind) => [...kind].filter((character) => !excluded.has(character)).join(''))
    .filter((kind) => kind !== '');
}

function draw(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

function shuffle(items: readonly string[]): string[] {
  const left = [...items];
  return items.flatMap(() => left.splice(randomInt(left.length), 1));
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
