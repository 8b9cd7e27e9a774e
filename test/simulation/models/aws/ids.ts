import type { Random } from '../../contract.ts';

/** So many hexadecimal digits that only the seed decides. */
export function newHex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits) text += random.below(65_536).toString(16).padStart(4, '0');
  return text.slice(0, digits);
}

/** Whatever follows the last slash: a name or an id, given as such or as an ARN. */
export function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}
