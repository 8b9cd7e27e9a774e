import { createHash } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { CHECKSUMS } from '../wire/body-checksums.ts';

/** Checksums in the API's words, base64. */
export interface Checksums {
  readonly ChecksumCRC32?: string;
  readonly ChecksumCRC32C?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
}

const COMPUTE: Readonly<Record<string, (bytes: Uint8Array) => string>> = Object.fromEntries(
  Object.entries(CHECKSUMS).map(([name, compute]) => [`Checksum${name.toUpperCase()}`, compute]),
);

/** The members of a request that carry checksums. */
export const CHECKSUM_MEMBERS: readonly string[] = ['ContentMD5', 'ChecksumAlgorithm', ...Object.keys(COMPUTE)];

/**
 * Compares bytes with the checksums that came with them, and gives those to keep: the ones sent, or CRC32 as S3 computes
 * by itself.
 * @throws BadDigest
 */
export function verifyChecksums(bytes: Uint8Array, input: Readonly<Record<string, unknown>>): Checksums {
  const md5 = input['ContentMD5'];
  if (md5 !== undefined && md5 !== createHash('md5').update(bytes).digest('base64'))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  const kept: Record<string, string> = {};
  for (const [name, compute] of Object.entries(COMPUTE)) {
    const sent = input[name];
    if (sent === undefined) continue;
    const computed = compute(bytes);
    if (sent !== computed)
      throw new AwsError(
        'BadDigest',
        `The ${name} you specified (${String(sent)}) did not match the calculated one (${computed}).`,
      );
    kept[name] = computed;
  }
  return Object.keys(kept).length > 0 ? kept : { ChecksumCRC32: CHECKSUMS['crc32']?.(bytes) ?? '' };
}

/** The checksum of a multipart object: that of its parts' checksums, with their number. */
export function combineChecksums(parts: readonly Checksums[]): Checksums {
  const combined: Record<string, string> = {};
  for (const [name, compute] of Object.entries(COMPUTE)) {
    const sums = parts.map((part) => Object.entries(part).find(([key]) => key === name)?.[1]);
    if (sums.some((sum) => sum === undefined)) continue;
    const joined = Buffer.concat(sums.map((sum) => Buffer.from(sum ?? '', 'base64')));
    combined[name] = `${compute(joined)}-${parts.length}`;
  }
  return combined;
}

export function md5Hex(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
