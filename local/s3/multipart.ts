import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import type { BucketStore } from './bucket-store.ts';
import { CHECKSUM_MEMBERS, type Checksums, combineChecksums, md5Hex, verifyChecksums } from './checksums.ts';
import { addVersion, checkAcl, encryptionOf, KEPT_HEADERS, keptHeaders, shownVersion } from './objects.ts';
import { checkOwner } from './owner.ts';

interface Part {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly checksums: Checksums;
}

/** An upload lives in memory: one that a crash cuts off has to begin again, as clients do. */
interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly checksumAlgorithm?: string;
  readonly parts: Map<number, Part>;
}

const NAMED = ['Bucket', 'ExpectedBucketOwner', 'Key', 'UploadId'];
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** Uploads in parts, as SDKs send what is larger than 5 MiB. */
export function multipartHandlers(cloud: Cloud, store: BucketStore): Handlers {
  const uploads = new Map<string, Upload>();
  return {
    CreateMultipartUpload(input) {
      refuseMembers(input, {
        operation: 's3 CreateMultipartUpload',
        members: [...KEPT_HEADERS, 'ACL', 'Bucket', 'ChecksumAlgorithm', 'ExpectedBucketOwner', 'Key'],
        code: 'NotImplemented',
      });
      checkOwner(cloud, input);
      checkAcl(input.ACL);
      const { name } = store.findBucket(input.Bucket);
      const id = randomUUID();
      const headers = keptHeaders(input);
      const { ChecksumAlgorithm: algorithm } = input;
      const checksumAlgorithm = algorithm === undefined ? {} : { checksumAlgorithm: algorithm };
      uploads.set(id, { bucket: name, key: input.Key, headers, ...checksumAlgorithm, parts: new Map() });
      return { Bucket: name, Key: input.Key, UploadId: id, ChecksumAlgorithm: algorithm, ...encryptionOf({ headers }) };
    },

    UploadPart(input) {
      const members = [...NAMED, ...CHECKSUM_MEMBERS, 'Body', 'ContentLength', 'PartNumber'];
      refuseMembers(input, { operation: 's3 UploadPart', members, code: 'NotImplemented' });
      checkOwner(cloud, input);
      const upload = findUpload(uploads, input);
      if (!Number.isInteger(input.PartNumber) || input.PartNumber < 1 || input.PartNumber > 10_000)
        throw new AwsError('InvalidArgument', `PartNumber is ${input.PartNumber}; allowed are 1 to 10000`);
      const bytes: Uint8Array = input.Body ?? new Uint8Array();
      const checksums = verifyChecksums(bytes, input);
      const etag = `"${md5Hex(bytes)}"`;
      upload.parts.set(input.PartNumber, { bytes, etag, checksums });
      return { ETag: etag, ...checksums, ...encryptionOf(upload) };
    },

    CompleteMultipartUpload(input) {
      const members = [...NAMED, 'MultipartUpload'];
      refuseMembers(input, { operation: 's3 CompleteMultipartUpload', members, code: 'NotImplemented' });
      checkOwner(cloud, input);
      const upload = findUpload(uploads, input);
      const parts = chooseParts(upload, input.MultipartUpload?.Parts ?? []);
      const body = Buffer.concat(parts.map(({ bytes }) => bytes));
      const checksums = combineChecksums(parts.map((part) => part.checksums));
      const etag = combineTags(parts);
      const content = { file: store.writeContent(body), bytes: body.length, etag, checksums, headers: upload.headers };
      const version = addVersion(store, store.findBucket(upload.bucket), { key: upload.key, content });
      uploads.delete(input.UploadId);
      const Location = `${cloud.endpointUrl}/${upload.bucket}/${upload.key}`;
      const named = { Location, Bucket: upload.bucket, Key: upload.key, ETag: etag };
      return { ...named, ...checksums, ChecksumType: 'COMPOSITE', ...shownVersion(version), ...encryptionOf(upload) };
    },

    AbortMultipartUpload(input) {
      refuseMembers(input, { operation: 's3 AbortMultipartUpload', members: NAMED, code: 'NotImplemented' });
      checkOwner(cloud, input);
      findUpload(uploads, input);
      uploads.delete(input.UploadId);
      return {};
    },
  };
}

interface Named {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

function findUpload(uploads: ReadonlyMap<string, Upload>, { Bucket, Key, UploadId }: Named): Upload {
  const upload = uploads.get(UploadId);
  if (upload !== undefined && upload.bucket === Bucket && upload.key === Key) return upload;
  throw new AwsError(
    'NoSuchUpload',
    `The upload ${UploadId} does not exist; it may have been completed or aborted`,
    404,
  );
}

/** The parts that the client lists, which must be those that it sent, in rising order, and large enough but for the last. */
function chooseParts(upload: Upload, listed: readonly { PartNumber?: number; ETag?: string }[]): Part[] {
  if (listed.length === 0) throw new AwsError('MalformedXML', 'An upload is completed with at least one part');
  return listed.map(({ PartNumber = 0, ETag }, index) => {
    const before = listed[index - 1]?.PartNumber ?? 0;
    if (PartNumber <= before)
      throw new AwsError('InvalidPartOrder', `Part ${PartNumber} does not follow part ${before}`);
    const part = upload.parts.get(PartNumber);
    if (part === undefined || part.etag.replaceAll('"', '') !== ETag?.replaceAll('"', ''))
      throw new AwsError('InvalidPart', `Part ${PartNumber} was not sent, or with another ETag than ${ETag}`);
    if (part.bytes.byteLength < MIN_PART_BYTES && index < listed.length - 1)
      throw new AwsError(
        'EntityTooSmall',
        `Part ${PartNumber} has ${part.bytes.byteLength} bytes; all but the last need ${MIN_PART_BYTES}`,
      );
    return part;
  });
}

function combineTags(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return `"${hash.digest('hex')}-${parts.length}"`;
}
