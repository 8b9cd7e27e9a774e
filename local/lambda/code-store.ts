import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry } from 'yauzl';
import { invalidParameter } from './function-config.ts';
import type { CodeRecord } from './function-record.ts';

const MAX_UNZIPPED_BYTES = 262_144_000;
const SYMBOLIC_LINK = 0o120000;
const FILE_TYPE_MASK = 0o170000;

/** The unzipped code of the functions, one folder for each hash. */
export class CodeStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  folderOf(code: CodeRecord): string {
    return join(this.#folder, code.sha256Hex);
  }

  /**
   * Unzips the code unless the same bytes were unzipped before. The folder appears under its name only when complete.
   *
   * @throws AwsError InvalidParameterValueException for what is no zip file
   */
  async add(zip: Buffer): Promise<CodeRecord> {
    const hash = createHash('sha256').update(zip).digest();
    const code = { sha256Hex: hash.toString('hex'), sha256Base64: hash.toString('base64'), bytes: zip.length };
    const target = this.folderOf(code);
    if (existsSync(target)) return code;
    const draft = mkdtempSync(join(this.#folder, 'draft-'));
    try {
      await unzip(zip, draft);
      // A second upload of the same bytes may have come first; both are equal.
      if (!existsSync(target)) renameSync(draft, target);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    return code;
  }

  /** Removes the folders that no function uses; called at a start, when no environment runs. */
  removeOthers(used: readonly CodeRecord[]): void {
    const kept = new Set(used.map(({ sha256Hex }) => sha256Hex));
    for (const name of readdirSync(this.#folder)) {
      if (!kept.has(name)) rmSync(join(this.#folder, name), { recursive: true, force: true });
    }
  }
}

async function unzip(zip: Buffer, folder: string): Promise<void> {
  const file = await openZip(zip);
  let bytes = 0;
  for await (const entry of file.eachEntry()) {
    bytes += entry.uncompressedSize;
    if (bytes > MAX_UNZIPPED_BYTES)
      throw invalidParameter(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
    // yauzl refuses absolute names and `..`, so that no entry leaves the folder.
    const path = join(folder, entry.fileName);
    if (entry.fileName.endsWith('/')) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(await file.openReadStreamPromise(entry), createWriteStream(path, { mode: modeOf(entry) }));
  }
}

async function openZip(zip: Buffer): ReturnType<typeof yauzl.fromBufferPromise> {
  try {
    return await yauzl.fromBufferPromise(zip, { lazyEntries: true });
  } catch (error) {
    throw invalidParameter(
      `Could not unzip uploaded file. Please check your file, then try to upload again. (${String(error)})`,
    );
  }
}

/** Unix permissions lie in the upper half of the attributes; files of other systems have none. */
function modeOf(entry: Entry): number {
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & FILE_TYPE_MASK) === SYMBOLIC_LINK) {
    throw invalidParameter(
      `The zip entry ${entry.fileName} is a symbolic link, which the local cloud does not unpack.`,
    );
  }
  return (mode & 0o777) === 0 ? 0o644 : mode & 0o777;
}
