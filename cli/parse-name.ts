import { InvalidArgumentError } from 'commander';

/** Takes a name or id as it is. A blank one is a name that a script has lost, and would mean more than it. */
export function parseName(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be blank.');
}
