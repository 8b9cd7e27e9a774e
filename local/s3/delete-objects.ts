import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import type { BucketRecord, BucketStore } from './bucket-store.ts';
import { CHECKSUM_MEMBERS } from './checksums.ts';
import { addVersion, keepsVersions, shownVersion } from './objects.ts';
import { checkOwner } from './owner.ts';

/** Deleting objects, one or many. */
export function deleteObjectHandlers(cloud: Cloud, store: BucketStore): Handlers {
  return {
    DeleteObject(input) {
      refuseMembers(input, {
        operation: 's3 DeleteObject',
        members: ['Bucket', 'ExpectedBucketOwner', 'Key', 'VersionId'],
        code: 'NotImplemented',
      });
      checkOwner(cloud, input);
      return deleteVersion(store, store.findBucket(input.Bucket), input);
    },

    DeleteObjects(input) {
      refuseMembers(input, {
        operation: 's3 DeleteObjects',
        members: ['Bucket', 'Delete', 'ExpectedBucketOwner', ...CHECKSUM_MEMBERS],
        code: 'NotImplemented',
      });
      checkOwner(cloud, input);
      const bucket = store.findBucket(input.Bucket);
      const wanted: readonly { Key: string; VersionId?: string }[] = input.Delete.Objects;
      for (const object of wanted)
        refuseMembers(object, { operation: 's3 DeleteObjects', members: ['Key', 'VersionId'], code: 'NotImplemented' });
      const deleted = wanted.map((object) => {
        const { DeleteMarker, VersionId } = deleteVersion(store, bucket, object);
        const marker = DeleteMarker ? { DeleteMarker, DeleteMarkerVersionId: VersionId } : {};
        return { ...object, ...marker };
      });
      return input.Delete.Quiet === true ? {} : { Deleted: deleted };
    },
  };
}

/** Without a version id a bucket with versions only gets a marker on top. Deleting what is not there succeeds. */
function deleteVersion(
  store: BucketStore,
  bucket: BucketRecord,
  { Key: key, VersionId }: { readonly Key: string; readonly VersionId?: string },
): { DeleteMarker?: boolean; VersionId?: string } {
  const versions = store.findObject(bucket.name, key)?.versions ?? [];
  if (VersionId !== undefined) {
    const removed = versions.find(({ id }) => id === VersionId);
    store.setVersions(
      bucket.name,
      key,
      versions.filter(({ id }) => id !== VersionId),
    );
    return { ...(removed !== undefined && removed.content === undefined ? { DeleteMarker: true } : {}), VersionId };
  }
  if (keepsVersions(bucket)) {
    const marker = addVersion(store, bucket, { key });
    return { DeleteMarker: true, ...shownVersion(marker) };
  }
  store.setVersions(
    bucket.name,
    key,
    versions.filter(({ id }) => id !== 'null'),
  );
  return {};
}
