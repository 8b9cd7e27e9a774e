import { ignoreGone } from '../engine/call-outcome.ts';
import type { ResourceContext, ResourceDriver } from '../resource-driver.ts';
import type { JsonObject } from '../template/json.ts';
import { requiredText } from './pick.ts';

/** AWS::S3::BucketPolicy. */
export const s3BucketPolicy: ResourceDriver = {
  type: 'AWS::S3::BucketPolicy',
  properties: ['Bucket', 'PolicyDocument'],
  replaceOn: ['Bucket'],
  create: async (context, properties) => {
    await put(context, properties);
    return { physicalId: requiredText(properties, 'Bucket'), attributes: {} };
  },
  update: async (context, resource, { after }) => {
    await put(context, after);
    return resource;
  },
  delete: (context, resource) => ignoreGone(context.call('s3', 'DeleteBucketPolicy', { Bucket: resource.physicalId })),
};

async function put(context: ResourceContext, properties: JsonObject): Promise<void> {
  const bucket = requiredText(properties, 'Bucket');
  await context.call('s3', 'PutBucketPolicy', { Bucket: bucket, Policy: properties['PolicyDocument'] });
  context.remember(bucket);
}
