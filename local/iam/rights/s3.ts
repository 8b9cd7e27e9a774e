import type { Right } from '../../core/service.ts';
import type { RightsCall } from './call.ts';

/** Operations whose action has another name. Source: Service Authorization Reference, Amazon S3. */
const ACTIONS: Readonly<Record<string, string>> = {
  AbortMultipartUpload: 'AbortMultipartUpload',
  CompleteMultipartUpload: 'PutObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  DeleteObjects: 'DeleteObject',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  HeadBucket: 'ListBucket',
  HeadObject: 'GetObject',
  ListBuckets: 'ListAllMyBuckets',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListObjectVersions: 'ListBucketVersions',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListParts: 'ListMultipartUploadParts',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  UploadPart: 'PutObject',
};

/** On the bucket or the object; a version that is named asks for the action on versions. */
export function s3Rights({ cloud, operation, input }: RightsCall): readonly Right[] {
  const action = ACTIONS[operation] ?? operation;
  if (input.Bucket === undefined) return [{ action: `s3:${action}`, resource: '*' }];
  const context = { 's3:resourceaccount': cloud.accountId };
  const on = (name: string, path = ''): Right => ({
    action: `s3:${name}`,
    resource: `arn:aws:s3:::${input.Bucket}${path}`,
    context,
  });
  if (operation === 'DeleteObjects') {
    const objects: readonly { Key?: string; VersionId?: string }[] = input.Delete?.Objects ?? [];
    return objects.map(({ Key, VersionId }) => on(versioned('DeleteObject', VersionId), `/${Key}`));
  }
  if (input.Key === undefined) return [on(action)];
  const wanted = [on(versioned(action, input.VersionId), `/${input.Key}`)];
  if (typeof input.CopySource !== 'string') return wanted;
  const source = decodeURIComponent(input.CopySource.replace(/^\//, '').replace(/\?.*$/, ''));
  return [...wanted, { action: 's3:GetObject', resource: `arn:aws:s3:::${source}`, context }];
}

function versioned(action: string, versionId: string | undefined): string {
  return versionId !== undefined && ['DeleteObject', 'GetObject'].includes(action) ? `${action}Version` : action;
}
