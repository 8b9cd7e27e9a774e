import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handlers } from '../core/service.ts';
import type { BucketStore } from './bucket-store.ts';
import { CHECKSUM_MEMBERS } from './checksums.ts';
import { checkOwner } from './owner.ts';

/** Buckets themselves. */
export function bucketHandlers(cloud: Cloud, store: BucketStore): Handlers {
  return {
    CreateBucket(input) {
      refuseMembers(input, {
        operation: 's3 CreateBucket',
        members: ['Bucket', 'ACL', 'CreateBucketConfiguration', 'ObjectOwnership'],
        code: 'NotImplemented',
      });
      checkBucketName(input.Bucket);
      checkLocation(input.CreateBucketConfiguration, cloud.region);
      if (input.ACL !== undefined && input.ACL !== 'private')
        throw new AwsError(
          'NotImplemented',
          `s3 CreateBucket: the ACL ${input.ACL} is not done; allowed: private`,
          501,
        );
      if (store.buckets.has(input.Bucket))
        throw new AwsError('BucketAlreadyOwnedByYou', `The bucket ${input.Bucket} exists, and you own it`, 409);
      const ownership = input.ObjectOwnership ?? 'BucketOwnerEnforced';
      const settings = { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
      store.buckets.set(input.Bucket, { name: input.Bucket, createdAt: Date.now(), settings });
      return { Location: `/${input.Bucket}`, BucketArn: `arn:aws:s3:::${input.Bucket}` };
    },

    HeadBucket(input) {
      checkOwner(cloud, input);
      // A HEAD answer has no body: clients know the error by its status alone.
      if (!store.buckets.has(input.Bucket)) throw new AwsError('NotFound', 'Not Found', 404);
      return { BucketRegion: cloud.region, BucketArn: `arn:aws:s3:::${input.Bucket}`, AccessPointAlias: false };
    },

    ListBuckets(input) {
      refuseMembers(input, { operation: 's3 ListBuckets', members: ['Prefix'], code: 'NotImplemented' });
      const found = store.buckets.values().filter(({ name }) => name.startsWith(input.Prefix ?? ''));
      const buckets = found.map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) }));
      return { Buckets: buckets.sort((a, b) => (a.Name < b.Name ? -1 : 1)), Owner: { ID: cloud.accountId } };
    },

    DeleteBucket(input) {
      checkOwner(cloud, input);
      store.findBucket(input.Bucket);
      if (store.listObjects(input.Bucket).length > 0)
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
      store.buckets.delete(input.Bucket);
    },

    PutBucketAcl(input) {
      // Buckets belong to their owner alone: only the ACL that says so is taken, and there is nothing to keep.
      refuseMembers(input, {
        operation: 's3 PutBucketAcl',
        members: ['ACL', 'Bucket', 'ExpectedBucketOwner', ...CHECKSUM_MEMBERS],
        code: 'NotImplemented',
      });
      checkOwner(cloud, input);
      store.findBucket(input.Bucket);
      if (input.ACL !== 'private')
        throw new AwsError(
          'NotImplemented',
          `s3 PutBucketAcl: the ACL ${input.ACL} is not done; allowed: private`,
          501,
        );
    },

    GetBucketLocation(input) {
      checkOwner(cloud, input);
      store.findBucket(input.Bucket);
      // The first region has no name of its own here.
      return cloud.region === 'us-east-1' ? {} : { LocationConstraint: cloud.region };
    },
  };
}

function checkBucketName(name: string): void {
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !isAddress) return;
  throw new AwsError('InvalidBucketName', `The bucket name ${name} is not valid: 3 to 63 of a-z, 0-9, "-" and "."`);
}

function checkLocation(
  configuration: { LocationConstraint?: string; Tags?: unknown } | undefined,
  region: string,
): void {
  if (configuration === undefined) return;
  refuseMembers(configuration, {
    operation: 's3 CreateBucket CreateBucketConfiguration',
    members: ['LocationConstraint'],
    code: 'NotImplemented',
  });
  const { LocationConstraint: location } = configuration;
  if (location !== undefined && (location !== region || region === 'us-east-1'))
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The location ${location} does not fit the endpoint's region ${region}`,
    );
}
