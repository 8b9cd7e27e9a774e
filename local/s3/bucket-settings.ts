import { AwsError } from '../core/aws-error.ts';
import { refuseMembers } from '../core/refuse-members.ts';
import type { Cloud, Handler, Handlers } from '../core/service.ts';
import type { BucketStore } from './bucket-store.ts';
import { CHECKSUM_MEMBERS } from './checksums.ts';
import { checkOwner } from './owner.ts';

/** A setting of a bucket that is put, shown and removed as a whole. */
interface Setting {
  /** The member that holds it in Put and, unless `shown` says otherwise, in Get. */
  readonly member: string;
  readonly put: string;
  readonly get: string;
  readonly remove?: string;
  /** What Get refuses with when it was never put; absent when there is a default. */
  readonly absentCode?: string;
  readonly byDefault?: unknown;
  /** The members stand in Get's answer by themselves, not in one member. */
  readonly isSpread?: true;
}

const AES256 = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] };

const SETTINGS: readonly Setting[] = [
  {
    member: 'VersioningConfiguration',
    put: 'PutBucketVersioning',
    get: 'GetBucketVersioning',
    byDefault: {},
    isSpread: true,
  },
  {
    member: 'ServerSideEncryptionConfiguration',
    put: 'PutBucketEncryption',
    get: 'GetBucketEncryption',
    remove: 'DeleteBucketEncryption',
    byDefault: AES256,
  },
  {
    member: 'PublicAccessBlockConfiguration',
    put: 'PutPublicAccessBlock',
    get: 'GetPublicAccessBlock',
    remove: 'DeletePublicAccessBlock',
    byDefault: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  },
  {
    member: 'LifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    get: 'GetBucketLifecycleConfiguration',
    remove: 'DeleteBucketLifecycle',
    absentCode: 'NoSuchLifecycleConfiguration',
    isSpread: true,
  },
  {
    member: 'Policy',
    put: 'PutBucketPolicy',
    get: 'GetBucketPolicy',
    remove: 'DeleteBucketPolicy',
    absentCode: 'NoSuchBucketPolicy',
  },
  {
    member: 'Tagging',
    put: 'PutBucketTagging',
    get: 'GetBucketTagging',
    remove: 'DeleteBucketTagging',
    absentCode: 'NoSuchTagSet',
    isSpread: true,
  },
  {
    member: 'OwnershipControls',
    put: 'PutBucketOwnershipControls',
    get: 'GetBucketOwnershipControls',
    remove: 'DeleteBucketOwnershipControls',
    absentCode: 'OwnershipControlsNotFoundError',
  },
];

/** The settings of buckets. They are kept and shown; only versioning changes what a bucket does. */
export function bucketSettingHandlers(cloud: Cloud, store: BucketStore): Handlers {
  const handlers = SETTINGS.map((setting) => ({
    [setting.put]: putSetting(cloud, store, setting),
    [setting.get]: getSetting(cloud, store, setting),
    ...(setting.remove === undefined ? {} : { [setting.remove]: removeSetting(cloud, store, setting) }),
  }));
  return Object.assign({}, ...handlers);
}

function putSetting(cloud: Cloud, store: BucketStore, setting: Setting): Handler {
  return (input) => {
    // The checksums of such a small document tell nothing that its parsing did not.
    refuseMembers(input, {
      operation: `s3 ${setting.put}`,
      members: ['Bucket', 'ExpectedBucketOwner', setting.member, ...CHECKSUM_MEMBERS],
      code: 'NotImplemented',
    });
    checkOwner(cloud, input);
    const bucket = store.findBucket(input.Bucket);
    const value: unknown = input[setting.member];
    if (value === undefined) throw new AwsError('MalformedXML', `${setting.put} needs ${setting.member}`);
    store.buckets.set(bucket.name, { ...bucket, settings: { ...bucket.settings, [setting.member]: value } });
    return {};
  };
}

function getSetting(cloud: Cloud, store: BucketStore, setting: Setting): Handler {
  return (input) => {
    checkOwner(cloud, input);
    const { settings } = store.findBucket(input.Bucket);
    const value = settings[setting.member] ?? setting.byDefault;
    if (value === undefined)
      throw new AwsError(setting.absentCode ?? 'NoSuchConfiguration', `The bucket has no ${setting.member}`, 404);
    const shown = reviveDates(value);
    return setting.isSpread === true ? shown : { [setting.member]: shown };
  };
}

function removeSetting(cloud: Cloud, store: BucketStore, setting: Setting): Handler {
  return (input) => {
    checkOwner(cloud, input);
    const bucket = store.findBucket(input.Bucket);
    const { [setting.member]: _removed, ...settings } = bucket.settings;
    store.buckets.set(bucket.name, { ...bucket, settings });
  };
}

/** The journal holds JSON, in which the dates of lifecycle rules are text. */
function reviveDates(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, item) =>
    name === 'Date' && typeof item === 'string' ? new Date(item) : item,
  );
}
