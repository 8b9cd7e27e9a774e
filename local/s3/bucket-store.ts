import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../core/aws-error.ts';
import { DurableMap } from '../core/durable-map.ts';
import type { Cloud } from '../core/service.ts';
import type { Checksums } from './checksums.ts';

/** Settings that a bucket keeps and shows, in the API's words; see FEATURES for those that are acted upon. */
type BucketSettings = Readonly<Record<string, unknown>>;

export interface BucketRecord {
  readonly name: string;
  readonly createdAt: number;
  readonly settings: BucketSettings;
}

/** One version of an object, or the mark that it was deleted. */
export interface ObjectVersion {
  /** 'null' while the bucket keeps no versions. */
  readonly id: string;
  readonly createdAt: number;
  /** Absent in a delete marker. */
  readonly content?: ObjectContent;
}

export interface ObjectContent {
  /** Name of the file that holds the bytes. */
  readonly file: string;
  readonly bytes: number;
  readonly etag: string;
  readonly checksums: Checksums;
  /** ContentType and its like, Metadata, encryption: as they were put, and shown again. */
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  /** The newest comes last. */
  readonly versions: readonly ObjectVersion[];
}

/** Buckets and objects, durable: bytes lie in files, everything else in journals. */
export class BucketStore {
  readonly buckets: DurableMap<BucketRecord>;
  readonly #objects: DurableMap<ObjectRecord>;
  readonly #contentFolder: string;

  constructor(cloud: Cloud) {
    const folder = join(cloud.dataFolder, 's3');
    this.buckets = new DurableMap(join(folder, 'buckets.jsonl'));
    this.#objects = new DurableMap(join(folder, 'objects.jsonl'));
    this.#contentFolder = join(folder, 'content');
    mkdirSync(this.#contentFolder, { recursive: true });
    this.#removeUnused();
  }

  /** @throws NoSuchBucket */
  findBucket(name: string): BucketRecord {
    const bucket = this.buckets.get(name);
    if (bucket !== undefined) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }

  findObject(bucket: string, key: string): ObjectRecord | undefined {
    return this.#objects.get(objectId(bucket, key));
  }

  /** Sorted by key in UTF-8, as S3 lists. */
  listObjects(bucket: string): ObjectRecord[] {
    const found = this.#objects.values().filter((object) => object.bucket === bucket);
    return found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  /** Replaces the versions of an object; none removes it. Bytes that no version holds any more are deleted after that. */
  setVersions(bucket: string, key: string, versions: readonly ObjectVersion[]): void {
    const before = this.findObject(bucket, key)?.versions ?? [];
    if (versions.length === 0) this.#objects.delete(objectId(bucket, key));
    else this.#objects.set(objectId(bucket, key), { bucket, key, versions });
    const kept = new Set(versions.map(({ content }) => content?.file));
    for (const { content } of before)
      if (content !== undefined && !kept.has(content.file))
        rmSync(join(this.#contentFolder, content.file), { force: true });
  }

  /** Writes bytes into a new file, whole before it has its name. */
  writeContent(bytes: Uint8Array): string {
    const name = randomUUID();
    const file = join(this.#contentFolder, name);
    writeFileSync(`${file}.new`, bytes);
    renameSync(`${file}.new`, file);
    return name;
  }

  readContent(file: string): Buffer {
    return readFileSync(join(this.#contentFolder, file));
  }

  /** A crash between a file and its journal entry leaves a file without one. */
  #removeUnused(): void {
    const used = new Set(
      this.#objects.values().flatMap(({ versions }) => versions.map(({ content }) => content?.file)),
    );
    for (const name of readdirSync(this.#contentFolder))
      if (!used.has(name) && existsSync(join(this.#contentFolder, name))) rmSync(join(this.#contentFolder, name));
  }
}

function objectId(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
