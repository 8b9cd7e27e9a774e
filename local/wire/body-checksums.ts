import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../core/aws-error.ts';
import { crc32c } from './crc32c.ts';
import type { WireRequest } from './message.ts';

/** The checksums that bodies are verified with, by the end of their header x-amz-checksum-…; base64. */
export const CHECKSUMS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  crc32: (bytes) => fromWord(crc32(bytes)),
  crc32c: (bytes) => fromWord(crc32c(bytes)),
  sha1: (bytes) => createHash('sha1').update(bytes).digest('base64'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
};

const PREFIX = 'x-amz-checksum-';
const NO_CHECKSUMS = ['algorithm', 'mode', 'type'];

/**
 * Compares a body with the checksums that SDKs add to it, whether the operation models them or not.
 * @throws BadDigest; NotImplemented for an algorithm that is not done
 */
export function verifyBody({ headers, body }: WireRequest): void {
  for (const [name, sent] of Object.entries(headers)) {
    if (!isChecksum(name)) continue;
    const algorithm = name.slice(PREFIX.length);
    const compute = Object.hasOwn(CHECKSUMS, algorithm) ? CHECKSUMS[algorithm] : undefined;
    if (compute === undefined)
      throw new AwsError(
        'NotImplemented',
        `${name} is not verified here; done: ${Object.keys(CHECKSUMS).join(', ')}`,
        501,
      );
    const computed = compute(body);
    if (sent !== computed)
      throw new AwsError(
        'BadDigest',
        `The ${name} you specified (${sent}) did not match the calculated one (${computed}).`,
      );
  }
}

/** Whether a header is a checksum itself, and not a member that speaks about one. */
export function isChecksum(header: string): boolean {
  return header.startsWith(PREFIX) && !NO_CHECKSUMS.includes(header.slice(PREFIX.length));
}

function fromWord(word: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(word);
  return bytes.toString('base64');
}
