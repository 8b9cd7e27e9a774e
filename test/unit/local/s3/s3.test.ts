import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  BucketAlreadyOwnedByYou,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchBucket,
  NoSuchKey,
  NotFound,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloud, type RunningCloud } from '../../../../local/core/create-cloud.ts';
import { createS3Service } from '../../../../local/s3/service.ts';

const PORT = 21020;
const URL_BASE = `http://127.0.0.1:${PORT}`;

let folder: string;
let running: RunningCloud;
const client = new S3Client({
  endpoint: URL_BASE,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
  forcePathStyle: true,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-s3-'));
  running = await open();
  await client.send(new CreateBucketCommand({ Bucket: 'assets' }));
});

afterAll(async () => {
  client.destroy();
  await running.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<RunningCloud> {
  return createCloud({
    dataFolder: folder,
    optFolder: folder,
    port: PORT,
    services: [createS3Service],
    log: () => undefined,
  });
}

async function put(Key: string, Body: string | Uint8Array, Bucket = 'assets') {
  return client.send(new PutObjectCommand({ Bucket, Key, Body }));
}

async function readText(Key: string, more: object = {}, Bucket = 'assets') {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body?.transformToString();
}

describe('a bucket', () => {
  test('is found, located and encrypted by default', async () => {
    expect(await client.send(new HeadBucketCommand({ Bucket: 'assets' }))).toMatchObject({ BucketRegion: 'us-east-1' });
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'assets' }));
    expect(LocationConstraint).toBeFalsy();
    const { ServerSideEncryptionConfiguration } = await client.send(
      new GetBucketEncryptionCommand({ Bucket: 'assets' }),
    );
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'AES256',
    });
  });

  test('is refused twice and when it is absent', async () => {
    await expect(client.send(new CreateBucketCommand({ Bucket: 'assets' }))).rejects.toBeInstanceOf(
      BucketAlreadyOwnedByYou,
    );
    await expect(client.send(new ListObjectsV2Command({ Bucket: 'absent' }))).rejects.toBeInstanceOf(NoSuchBucket);
    await expect(client.send(new HeadBucketCommand({ Bucket: 'absent' }))).rejects.toBeInstanceOf(NotFound);
    await expect(client.send(new CreateBucketCommand({ Bucket: 'No_Good' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
  });

  test('keeps its policy and lifecycle rules as they were put', async () => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await client.send(new PutBucketPolicyCommand({ Bucket: 'assets', Policy }));
    expect((await client.send(new GetBucketPolicyCommand({ Bucket: 'assets' }))).Policy).toBe(Policy);
    const get = new GetBucketLifecycleConfigurationCommand({ Bucket: 'assets' });
    await expect(client.send(get)).rejects.toMatchObject({ name: 'NoSuchLifecycleConfiguration' });
    const rule = {
      ID: 'Old',
      Status: 'Enabled' as const,
      Filter: { Prefix: '' },
      Expiration: { Date: new Date('2030-01-01T00:00:00Z') },
      NoncurrentVersionExpiration: { NoncurrentDays: 365 },
    };
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: 'assets', LifecycleConfiguration: { Rules: [rule] } }),
    );
    expect((await client.send(get)).Rules).toEqual([rule]);
  });

  test('is deleted only when it is empty', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
    await put('a', 'x', 'short-lived');
    const remove = new DeleteBucketCommand({ Bucket: 'short-lived' });
    await expect(client.send(remove)).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await client.send(new DeleteObjectCommand({ Bucket: 'short-lived', Key: 'a' }));
    await client.send(remove);
    await expect(client.send(new HeadBucketCommand({ Bucket: 'short-lived' }))).rejects.toBeInstanceOf(NotFound);
  });
});

describe('an object', () => {
  test('is read as it was put, with its headers and checksums', async () => {
    const Key = 'a folder/ü+%&?.json';
    const answer = await client.send(
      new PutObjectCommand({
        Bucket: 'assets',
        Key,
        Body: '{"a":1}',
        ContentType: 'application/json',
        Metadata: { owner: 'me' },
      }),
    );
    expect(answer.ETag).toBe('"bb6cb5c68df4652941caf652a366f2d8"');
    const got = await client.send(new GetObjectCommand({ Bucket: 'assets', Key }));
    expect(await got.Body?.transformToString()).toBe('{"a":1}');
    expect(got).toMatchObject({ ContentType: 'application/json', ContentLength: 7, Metadata: { owner: 'me' } });
    expect(await client.send(new HeadObjectCommand({ Bucket: 'assets', Key }))).toMatchObject({
      ContentLength: 7,
      ETag: '"bb6cb5c68df4652941caf652a366f2d8"',
    });
  });

  test('of some MB goes in as a stream with a trailing checksum', async () => {
    const bytes = Buffer.alloc(3_000_000, 'warden');
    await client.send(
      new PutObjectCommand({
        Bucket: 'assets',
        Key: 'big',
        Body: Readable.from([bytes]),
        ContentLength: bytes.length,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'assets', Key: 'big' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  });

  test('goes in by parts', async () => {
    const target = { Bucket: 'assets', Key: 'parts' };
    const first = Buffer.alloc(5 * 1024 * 1024, 'a');
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' }),
    );
    const parts = [];
    for (const [index, Body] of [first, Buffer.from('end')].entries()) {
      const part = { ...target, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: 'SHA256' as const };
      const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand(part));
      parts.push({ ETag, ChecksumSHA256, PartNumber: index + 1 });
    }
    const done = await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
    );
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    expect(done.ChecksumSHA256).toMatch(/=-2$/);
    expect(await readText('parts', { Range: 'bytes=5242878-' })).toBe('aaend');
  });

  test('is read in part', async () => {
    await put('letters', 'abcdefgh');
    const got = await client.send(new GetObjectCommand({ Bucket: 'assets', Key: 'letters', Range: 'bytes=2-4' }));
    expect(await got.Body?.transformToString()).toBe('cde');
    expect(got).toMatchObject({ ContentRange: 'bytes 2-4/8', ContentLength: 3, $metadata: { httpStatusCode: 206 } });
    expect(await readText('letters', { Range: 'bytes=-3' })).toBe('fgh');
    await expect(readText('letters', { Range: 'bytes=8-' })).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  test('that is absent raises NoSuchKey, for a HEAD NotFound', async () => {
    await expect(readText('absent')).rejects.toBeInstanceOf(NoSuchKey);
    await expect(client.send(new HeadObjectCommand({ Bucket: 'assets', Key: 'absent' }))).rejects.toBeInstanceOf(
      NotFound,
    );
  });

  test('is refused when its bytes do not fit the checksum', async () => {
    const wrong = new PutObjectCommand({
      Bucket: 'assets',
      Key: 'broken',
      Body: 'abc',
      ChecksumSHA256: createHash('sha256').update('abd').digest('base64'),
    });
    await expect(client.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(readText('broken')).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('is put on a condition', async () => {
    const create = new PutObjectCommand({ Bucket: 'assets', Key: 'once', Body: '1', IfNoneMatch: '*' });
    await client.send(create);
    await expect(client.send(create)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('is kept over a restart, and those deleted stay away', async () => {
    await put('stays', 'here');
    await put('goes', 'away');
    await client.send(
      new DeleteObjectsCommand({ Bucket: 'assets', Delete: { Objects: [{ Key: 'goes' }, { Key: 'never was' }] } }),
    );
    await running.close();
    running = await open();
    expect(await readText('stays')).toBe('here');
    await expect(readText('goes')).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('is refused to who expects another owner', async () => {
    const foreign = new PutObjectCommand({
      Bucket: 'assets',
      Key: 'k',
      Body: 'x',
      ExpectedBucketOwner: '111111111111',
    });
    await expect(client.send(foreign)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('has a version for each put when the bucket keeps them', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'versioned' }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    expect((await client.send(new GetBucketVersioningCommand({ Bucket: 'versioned' }))).Status).toBe('Enabled');
    const first = await put('k', 'one', 'versioned');
    await put('k', 'two', 'versioned');
    const gone = await client.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'k' }));
    expect(gone.DeleteMarker).toBe(true);
    await expect(readText('k', {}, 'versioned')).rejects.toBeInstanceOf(NoSuchKey);
    expect(await readText('k', { VersionId: first.VersionId }, 'versioned')).toBe('one');
    await client.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'k', VersionId: gone.VersionId }));
    expect(await readText('k', {}, 'versioned')).toBe('two');
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: 'versioned' }));
    expect(Versions?.map(({ IsLatest }) => IsLatest)).toEqual([true, false]);
  });
});

describe('a list of objects', () => {
  test('comes in pages, by prefix and delimiter', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'listed' }));
    for (const key of ['a/1', 'a/2', 'b', 'c/x/1', 'c/x/2']) await put(key, key, 'listed');
    const all = await client.send(new ListObjectsV2Command({ Bucket: 'listed', Delimiter: '/' }));
    expect(all.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['a/', 'c/']);
    expect(all.Contents?.map(({ Key }) => Key)).toEqual(['b']);
    const first = await client.send(new ListObjectsV2Command({ Bucket: 'listed', MaxKeys: 3 }));
    expect(first).toMatchObject({ IsTruncated: true, KeyCount: 3 });
    const rest = await client.send(
      new ListObjectsV2Command({ Bucket: 'listed', ContinuationToken: first.NextContinuationToken }),
    );
    expect(rest.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['c/x/1', 5],
      ['c/x/2', 5],
    ]);
  });
});

describe('what S3 here does not do', () => {
  test('is refused by its name', async () => {
    const copy = new CopyObjectCommand({ Bucket: 'assets', Key: 'k', CopySource: 'assets/big' });
    await expect(client.send(copy)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('CopyObject'),
    });
    const tagged = new PutObjectCommand({ Bucket: 'assets', Key: 'k', Body: 'x', Tagging: 'a=b' });
    await expect(client.send(tagged)).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('Tagging'),
    });
  });

  test.each([
    ['PUT', '/assets/%ff', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, 400, 'InvalidURI'],
    ['PUT', '/assets/k', { 'content-encoding': 'aws-chunked' }, 400, 'InvalidChunkSizeError'],
    ['PUT', '/assets/k', { 'x-amz-nonsense': '1' }, 501, 'NotImplemented'],
    ['GET', '/assets/k?nonsense=1', {}, 400, 'InvalidArgument'],
    ['POST', '/assets?delete', {}, 400, 'MalformedXML'],
    ['PATCH', '/assets/k', {}, 405, 'MethodNotAllowed'],
  ])('%s %s with %j is refused in the form of AWS', async (method, path, headers, status, code) => {
    const body = method === 'GET' ? null : 'no chunk\r\n<a>';
    const answer = await fetch(`${URL_BASE}${path}`, { method, headers, body });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(`<Code>${code}</Code>`)]);
  });
});
