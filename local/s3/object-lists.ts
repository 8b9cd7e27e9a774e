import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import type { BucketStore, ObjectRecord } from './bucket-store.ts';
import { checkOwner } from './owner.ts';

const LIST_MEMBERS = [
  'Bucket',
  'ContinuationToken',
  'Delimiter',
  'EncodingType',
  'ExpectedBucketOwner',
  'MaxKeys',
  'Prefix',
  'StartAfter',
];
const MAX_KEYS = 1000;

/** The lists of a bucket's objects and of their versions. */
export function objectListHandlers(cloud: Cloud, store: BucketStore): Handlers {
  return {
    ListObjectsV2(input) {
      refuseMembers(input, { operation: 's3 ListObjectsV2', members: LIST_MEMBERS, code: 'NotImplemented' });
      checkOwner(cloud, input);
      store.findBucket(input.Bucket);
      const encode = encoderOf(input.EncodingType);
      const prefix: string = input.Prefix ?? '';
      const maxKeys = Math.min(input.MaxKeys ?? MAX_KEYS, MAX_KEYS);
      const after = input.ContinuationToken === undefined ? input.StartAfter : readToken(input.ContinuationToken);
      const entries = listEntries(store.listObjects(input.Bucket), { prefix, delimiter: input.Delimiter });
      const left = entries.filter(
        ({ name }) => after === undefined || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0,
      );
      const page = left.slice(0, maxKeys);
      const last = page.at(-1);
      const isTruncated = left.length > page.length && last !== undefined;
      return {
        Name: input.Bucket,
        Prefix: encode(prefix),
        Delimiter: input.Delimiter,
        MaxKeys: maxKeys,
        EncodingType: input.EncodingType,
        ContinuationToken: input.ContinuationToken,
        StartAfter: input.StartAfter,
        KeyCount: page.length,
        IsTruncated: isTruncated,
        ...(isTruncated ? { NextContinuationToken: Buffer.from(last.name).toString('base64url') } : {}),
        Contents: page.flatMap(({ object }) => (object === undefined ? [] : [describeObject(object, encode)])),
        CommonPrefixes: page.flatMap(({ name, object }) => (object === undefined ? [{ Prefix: encode(name) }] : [])),
      };
    },

    ListObjectVersions(input) {
      refuseMembers(input, {
        operation: 's3 ListObjectVersions',
        members: ['Bucket', 'EncodingType', 'ExpectedBucketOwner', 'Prefix'],
        code: 'NotImplemented',
      });
      checkOwner(cloud, input);
      store.findBucket(input.Bucket);
      const encode = encoderOf(input.EncodingType);
      const objects = store.listObjects(input.Bucket).filter(({ key }) => key.startsWith(input.Prefix ?? ''));
      const versions = objects.flatMap((object) => describeVersions(object, encode));
      // Lists are answered whole: they serve to empty a bucket.
      return {
        Name: input.Bucket,
        Prefix: encode(input.Prefix ?? ''),
        EncodingType: input.EncodingType,
        IsTruncated: false,
        MaxKeys: MAX_KEYS,
        Versions: versions.filter(({ ETag }) => ETag !== undefined),
        DeleteMarkers: versions
          .filter(({ ETag }) => ETag === undefined)
          .map(({ Key, VersionId, IsLatest, LastModified }) => ({ Key, VersionId, IsLatest, LastModified })),
      };
    },
  };
}

/** A key, or a common prefix of keys in whose place it stands. */
interface ListEntry {
  readonly name: string;
  readonly object?: ObjectRecord;
}

function listEntries(objects: readonly ObjectRecord[], by: { prefix: string; delimiter?: string }): ListEntry[] {
  const { prefix, delimiter } = by;
  const entries = new Map<string, ListEntry>();
  for (const object of objects) {
    if (!object.key.startsWith(prefix) || object.versions.at(-1)?.content === undefined) continue;
    const cut = delimiter === undefined || delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? object.key : object.key.slice(0, cut + (delimiter ?? '').length);
    entries.set(name, cut < 0 ? { name, object } : { name });
  }
  return [...entries.values()];
}

type Encode = (text: string) => string;

/** XML 1.0 cannot carry every key: a client may ask for percent-encoding. */
function encoderOf(encodingType: string | undefined): Encode {
  if (encodingType === undefined) return (text) => text;
  if (encodingType === 'url') return (text) => text.split('/').map(encodeURIComponent).join('/');
  throw new AwsError('InvalidArgument', `Invalid encoding type ${encodingType}; allowed: url`);
}

function describeObject({ key, versions }: ObjectRecord, encode: Encode): object {
  const latest = versions.at(-1);
  return {
    Key: encode(key),
    LastModified: new Date(latest?.createdAt ?? 0),
    ETag: latest?.content?.etag,
    Size: latest?.content?.bytes,
    StorageClass: 'STANDARD',
  };
}

function describeVersions({ key, versions }: ObjectRecord, encode: Encode) {
  return versions
    .map(({ id, createdAt, content }, index) => ({
      Key: encode(key),
      VersionId: id,
      IsLatest: index === versions.length - 1,
      LastModified: new Date(createdAt),
      ETag: content?.etag,
      Size: content?.bytes,
      StorageClass: 'STANDARD',
    }))
    .reverse();
}

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === token) return name;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}
