import { createOnce, ignoreGone } from '../engine/call-outcome.ts';
import type { PropertyChange, ResourceContext, ResourceDriver } from '../resource-driver.ts';
import { isJsonList, isJsonObject, type JsonObject } from '../template/json.ts';
import { textOf } from './pick.ts';
import { tagList } from './tag-change.ts';

/** AWS::S3::Bucket. */
export const s3Bucket: ResourceDriver = {
  type: 'AWS::S3::Bucket',
  properties: [
    'AccessControl',
    'BucketEncryption',
    'BucketName',
    'LifecycleConfiguration',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
    'VersioningConfiguration',
  ],
  replaceOn: ['BucketName'],
  nameProperty: 'BucketName',
  tags: 'list',
  create: async (context, properties) => {
    const bucket = textOf(properties, 'BucketName') ?? context.name(63).toLowerCase();
    await createOnce(
      context.isRetry,
      context.call('s3', 'CreateBucket', {
        Bucket: bucket,
        ...(context.region === 'us-east-1'
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: context.region } }),
      }),
    );
    context.remember(bucket);
    await configure(context, bucket, { before: {}, after: properties, changed: new Set(Object.keys(properties)) });
    return { physicalId: bucket, attributes: attributesOf(context, bucket) };
  },
  update: async (context, resource, change) => {
    await configure(context, resource.physicalId, change);
    return resource;
  },
  delete: (context, resource) => ignoreGone(context.call('s3', 'DeleteBucket', { Bucket: resource.physicalId })),
};

function attributesOf({ region }: ResourceContext, bucket: string): JsonObject {
  return {
    Arn: `arn:aws:s3:::${bucket}`,
    DomainName: `${bucket}.s3.amazonaws.com`,
    DualStackDomainName: `${bucket}.s3.dualstack.${region}.amazonaws.com`,
    RegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
    WebsiteURL: `http://${bucket}.s3-website-${region}.amazonaws.com`,
  };
}

async function configure(context: ResourceContext, bucket: string, change: PropertyChange): Promise<void> {
  for (const name of change.changed) {
    const setting = SETTINGS[name];
    if (setting === undefined) continue;
    const value = change.after[name];
    if (value !== undefined && (name !== 'Tags' || tagList(change.after).length > 0))
      await context.call('s3', setting.put, { Bucket: bucket, ...setting.input(change.after) });
    else if (change.before[name] !== undefined) {
      if (setting.remove === undefined) throw new Error(`Property ${name} of AWS::S3::Bucket cannot be taken away.`);
      await context.call('s3', setting.remove, { Bucket: bucket });
    }
  }
}

interface Setting {
  readonly put: string;
  readonly remove?: string;
  readonly input: (properties: JsonObject) => JsonObject;
}

const CANNED_ACLS: Readonly<Record<string, string>> = { Private: 'private', PublicRead: 'public-read' };

/** The property BucketName is no setting, so it is not among them. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  AccessControl: {
    put: 'PutBucketAcl',
    input: (properties) => ({
      ACL: CANNED_ACLS[String(properties['AccessControl'])] ?? String(properties['AccessControl']),
    }),
  },
  BucketEncryption: {
    put: 'PutBucketEncryption',
    remove: 'DeleteBucketEncryption',
    input: (properties) => ({ ServerSideEncryptionConfiguration: encryptionOf(properties['BucketEncryption'] ?? {}) }),
  },
  LifecycleConfiguration: {
    put: 'PutBucketLifecycleConfiguration',
    remove: 'DeleteBucketLifecycle',
    input: (properties) => ({ LifecycleConfiguration: lifecycleOf(properties['LifecycleConfiguration'] ?? {}) }),
  },
  OwnershipControls: {
    put: 'PutBucketOwnershipControls',
    remove: 'DeleteBucketOwnershipControls',
    input: (properties) => ({ OwnershipControls: properties['OwnershipControls'] ?? {} }),
  },
  PublicAccessBlockConfiguration: {
    put: 'PutPublicAccessBlock',
    remove: 'DeletePublicAccessBlock',
    input: (properties) => ({ PublicAccessBlockConfiguration: properties['PublicAccessBlockConfiguration'] ?? {} }),
  },
  Tags: {
    put: 'PutBucketTagging',
    remove: 'DeleteBucketTagging',
    input: (properties) => ({ Tagging: { TagSet: tagList(properties).map((tag) => ({ ...tag })) } }),
  },
  VersioningConfiguration: {
    put: 'PutBucketVersioning',
    input: (properties) => ({ VersioningConfiguration: properties['VersioningConfiguration'] ?? {} }),
  },
};

/** CloudFormation names the rules of the template after the member that holds them in the API. */
function encryptionOf(property: JsonObject[string]): JsonObject {
  const rules = isJsonObject(property) ? property['ServerSideEncryptionConfiguration'] : undefined;
  const converted = (isJsonList(rules) ? rules : []).filter(isJsonObject).map((rule) => {
    const { ServerSideEncryptionByDefault: byDefault, ...rest } = rule;
    return { ...rest, ...(byDefault === undefined ? {} : { ApplyServerSideEncryptionByDefault: byDefault }) };
  });
  return { Rules: converted };
}

function lifecycleOf(property: JsonObject[string]): JsonObject {
  const rules = isJsonObject(property) ? property['Rules'] : undefined;
  const converted = (isJsonList(rules) ? rules : []).filter(isJsonObject).map((rule) => {
    const { ExpirationInDays: days, Prefix: prefix, ...rest } = rule;
    return { ...rest, Filter: { Prefix: prefix ?? '' }, ...(days === undefined ? {} : { Expiration: { Days: days } }) };
  });
  return { Rules: converted };
}
