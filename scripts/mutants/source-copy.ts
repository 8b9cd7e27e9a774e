import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applyMutant, type Mutant } from './mutant.ts';

/** A copy of the sources that may be broken. */
export interface SourceCopy {
  readonly folder: string;
  /** Breaks the copy, lets the work look at it, and mends it again. @throws UselessMutantError */
  withMutant<Value>(mutant: Mutant, work: () => Promise<Value>): Promise<Value>;
  remove(): void;
}

/** Copies the working tree as it is, changes that are not committed included, without what Git ignores. */
export function copySources(root: string): SourceCopy {
  const folder = mkdtempSync(join(tmpdir(), 'warden-mutants-'));
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of new Set(listed.split('\0'))) {
    if (lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile() !== true) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return {
    folder,
    async withMutant(mutant, work) {
      const changed = applyMutant(mutant, read);
      const before = new Map([...changed.keys()].map((file) => [file, read(file)]));
      for (const [file, text] of changed) writeFileSync(join(folder, file), text);
      try {
        return await work();
      } finally {
        for (const [file, text] of before) writeFileSync(join(folder, file), text);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
