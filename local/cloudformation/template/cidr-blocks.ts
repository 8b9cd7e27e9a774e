import { validationError } from './validation-error.ts';

/**
 * The first `count` blocks with `hostBits` host bits inside an IPv4 block, as Fn::Cidr gives them.
 *
 * @throws AwsError ValidationError when the block is not IPv4 or is too small
 */
export function cidrBlocks(block: string, count: number, hostBits: number): readonly string[] {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  if (match === null) throw validationError(`Template error: Fn::Cidr does IPv4 blocks, not ${block}.`);
  const base = match.slice(1, 5).reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** hostBits;
  if (count * size > 2 ** (32 - Number(match[5])))
    throw validationError(`Template error: Fn::Cidr: ${count} blocks of ${hostBits} bits do not fit into ${block}.`);
  return Array.from({ length: count }, (_, index) => `${dotted(base + index * size)}/${32 - hostBits}`);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
