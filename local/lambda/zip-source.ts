import type { Caller, Cloud } from '../core/service.ts';
import { invalidParameter } from './function-config.ts';

/** Where the zip file of a function's code comes from. */
export type ZipSource =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 's3'; readonly bucket: string; readonly key: string; readonly version?: string };

/** Reads the zip file, from S3 with the rights of whoever makes or updates the function. */
export async function readZip(cloud: Cloud, source: ZipSource, caller: Caller): Promise<Buffer> {
  if (source.type === 'bytes') return Buffer.from(source.bytes);
  const { bucket, key, version } = source;
  const VersionId = version === undefined ? {} : { VersionId: version };
  try {
    const { Body } = await cloud.call('s3', 'GetObject', { Bucket: bucket, Key: key, ...VersionId }, caller);
    return await readBody(Body);
  } catch (error) {
    if (!(error instanceof Error) || !['NoSuchKey', 'NoSuchBucket', 'AccessDenied'].includes(error.name)) throw error;
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${error.name}. S3 Error Message: ${error.message} (s3://${bucket}/${key})`,
    );
  }
}

/** A body is bytes, or a stream of bytes. */
async function readBody(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
