import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** What stands for a device's content; `mounts` says who holds it, and is no part of it. */
const CONTENT = ['filesystem', 'data', 'dirty'];

/**
 * Copies the content of a disk into a folder, in the place of what is there. What is written meanwhile may be in the copy or
 * not, file by file, as after a power cut; a disk that was mounted is dirty in its copy, too.
 */
export async function copyDisk(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true }))
    if (CONTENT.includes(entry.name)) await copyEntry(entry, from, to);
}

interface Entry {
  readonly name: string;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Kafka renames and deletes files at any moment: one that is gone when its turn comes is none of the copy. */
async function copyEntry(entry: Entry, fromFolder: string, toFolder: string): Promise<void> {
  const from = join(fromFolder, entry.name);
  const to = join(toFolder, entry.name);
  try {
    if (entry.isDirectory()) {
      const inside = await readdir(from, { withFileTypes: true });
      await mkdir(to, { recursive: true });
      for (const one of inside) await copyEntry(one, from, to);
    } else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
    else await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
