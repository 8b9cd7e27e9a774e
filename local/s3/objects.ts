import { randomBytes } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import type { BucketRecord, BucketStore, ObjectContent, ObjectVersion } from './bucket-store.ts';
import { CHECKSUM_MEMBERS, type Checksums, md5Hex, verifyChecksums } from './checksums.ts';
import { checkOwner } from './owner.ts';
import { readRange } from './range.ts';

/** What is kept with an object and shown again as it was put. */
export const KEPT_HEADERS: readonly string[] = [
  'BucketKeyEnabled',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Metadata',
  'SSEKMSKeyId',
  'ServerSideEncryption',
];

const PUT_MEMBERS = [
  ...KEPT_HEADERS,
  ...CHECKSUM_MEMBERS,
  'ACL',
  'Body',
  'Bucket',
  'ContentLength',
  'ExpectedBucketOwner',
  'IfMatch',
  'IfNoneMatch',
  'Key',
];
const READ_MEMBERS = ['Bucket', 'ChecksumMode', 'ExpectedBucketOwner', 'IfMatch', 'Key', 'VersionId'];

/** Objects: put, read and deleted, with their versions when the bucket keeps them. */
export function objectHandlers(cloud: Cloud, store: BucketStore): Handlers {
  return {
    PutObject(input) {
      refuseMembers(input, { operation: 's3 PutObject', members: PUT_MEMBERS, code: 'NotImplemented' });
      checkOwner(cloud, input);
      checkAcl(input.ACL);
      const bucket = store.findBucket(input.Bucket);
      checkCondition(store, input);
      const body: Uint8Array = input.Body ?? new Uint8Array();
      const checksums = verifyChecksums(body, input);
      const etag = `"${md5Hex(body)}"`;
      const content = {
        file: store.writeContent(body),
        bytes: body.byteLength,
        etag,
        checksums,
        headers: keptHeaders(input),
      };
      const version = addVersion(store, bucket, { key: input.Key, content });
      return {
        ETag: etag,
        ...checksums,
        ChecksumType: 'FULL_OBJECT',
        ...shownVersion(version),
        ...encryptionOf(content),
      };
    },

    GetObject(input) {
      refuseMembers(input, { operation: 's3 GetObject', members: [...READ_MEMBERS, 'Range'], code: 'NotImplemented' });
      const { version, content } = findVersion(cloud, store, input);
      const body = store.readContent(content.file);
      const range = input.Range === undefined ? undefined : readRange(input.Range, body.length);
      if (range === undefined) return { ...describeVersion(version, content, input), Body: body };
      return {
        // Without checksums: those of the whole would make clients doubt a part.
        ...describeVersion(version, content, {}),
        ContentLength: range.end - range.start,
        ContentRange: `bytes ${range.start}-${range.end - 1}/${body.length}`,
        Body: body.subarray(range.start, range.end),
      };
    },

    HeadObject(input) {
      refuseMembers(input, { operation: 's3 HeadObject', members: READ_MEMBERS, code: 'NotImplemented' });
      try {
        const { version, content } = findVersion(cloud, store, input);
        return describeVersion(version, content, input);
      } catch (error) {
        // A HEAD answer has no body: clients know the error by its status alone.
        if (error instanceof AwsError && error.status === 404) throw new AwsError('NotFound', 'Not Found', 404);
        throw error;
      }
    },
  };
}

/** Puts a version on top: beside the older ones when the bucket keeps versions, else in their place. */
export function addVersion(
  store: BucketStore,
  bucket: BucketRecord,
  added: { key: string; content?: ObjectContent },
): ObjectVersion {
  const keeps = keepsVersions(bucket);
  const id = keeps ? randomBytes(24).toString('base64url') : 'null';
  const { key, content } = added;
  const version = { id, createdAt: Date.now(), ...(content === undefined ? {} : { content }) };
  const older = store.findObject(bucket.name, key)?.versions ?? [];
  // Without versions (or while they are suspended) a put replaces only the version without an id.
  store.setVersions(bucket.name, key, [...older.filter((old) => keeps || old.id !== 'null'), version]);
  return version;
}

/** The members that stay with an object. */
export function keptHeaders(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = KEPT_HEADERS.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]);
  return { ServerSideEncryption: 'AES256', ContentType: 'application/octet-stream', ...Object.fromEntries(kept) };
}

/** Buckets belong to the account alone: these say so too. */
export function checkAcl(acl: string | undefined): void {
  const allowed = ['private', 'bucket-owner-full-control'];
  if (acl !== undefined && !allowed.includes(acl))
    throw new AwsError(
      'AccessControlListNotSupported',
      `The ACL ${acl} is not allowed; allowed: ${allowed.join(', ')}`,
    );
}

/** The version's id when the bucket has versions. */
export function shownVersion({ id }: ObjectVersion): { VersionId?: string } {
  return id === 'null' ? {} : { VersionId: id };
}

/** How an object is encrypted, as put answers it. */
export function encryptionOf({ headers }: Pick<ObjectContent, 'headers'>): Record<string, unknown> {
  const names = ['ServerSideEncryption', 'SSEKMSKeyId', 'BucketKeyEnabled'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
}

/** Whether a put or delete leaves the older versions in place. */
export function keepsVersions({ settings }: BucketRecord): boolean {
  return Object(settings['VersioningConfiguration']).Status === 'Enabled';
}

interface Named {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
  readonly IfMatch?: string;
  readonly ExpectedBucketOwner?: string;
}

function findVersion(
  cloud: Cloud,
  store: BucketStore,
  input: Named,
): { version: ObjectVersion; content: ObjectContent } {
  checkOwner(cloud, input);
  store.findBucket(input.Bucket);
  const versions = store.findObject(input.Bucket, input.Key)?.versions ?? [];
  const version = input.VersionId === undefined ? versions.at(-1) : versions.find(({ id }) => id === input.VersionId);
  if (version === undefined && input.VersionId !== undefined)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { VersionId: input.VersionId });
  if (version?.content === undefined)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: input.Key });
  if (input.IfMatch !== undefined && !isSameTag(input.IfMatch, version.content.etag))
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  return { version, content: version.content };
}

function checkCondition(store: BucketStore, input: Named & { readonly IfNoneMatch?: string }): void {
  const current = store.findObject(input.Bucket, input.Key)?.versions.at(-1)?.content;
  if (input.IfNoneMatch !== undefined && input.IfNoneMatch !== '*')
    throw new AwsError('NotImplemented', `s3 PutObject: IfNoneMatch takes only *, not ${input.IfNoneMatch}`, 501);
  if (input.IfMatch !== undefined && current === undefined)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: input.Key });
  const isRefused =
    (input.IfNoneMatch === '*' && current !== undefined) ||
    (input.IfMatch !== undefined && current !== undefined && !isSameTag(input.IfMatch, current.etag));
  if (isRefused)
    throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
}

function isSameTag(given: string, etag: string): boolean {
  return given === '*' || given.replaceAll('"', '') === etag.replaceAll('"', '');
}

function describeVersion(version: ObjectVersion, content: ObjectContent, input: { readonly ChecksumMode?: string }) {
  const checksums: Checksums = input.ChecksumMode === 'ENABLED' ? content.checksums : {};
  const isComposite = content.etag.includes('-');
  return {
    AcceptRanges: 'bytes',
    ContentLength: content.bytes,
    ETag: content.etag,
    LastModified: new Date(version.createdAt),
    ...content.headers,
    ...checksums,
    ...(input.ChecksumMode === 'ENABLED' ? { ChecksumType: isComposite ? 'COMPOSITE' : 'FULL_OBJECT' } : {}),
    ...shownVersion(version),
  };
}
