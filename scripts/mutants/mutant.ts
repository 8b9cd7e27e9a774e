/** A seeded fault: what it breaks, in one sentence, and where the sources are changed. */
export interface Mutant {
  readonly name: string;
  readonly breaks: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly search: string;
  readonly replace: string;
}

/** A patch that is none, or whose place in the sources is gone: nothing can be said about the fault then. */
export class UselessMutantError extends Error {
  override readonly name = 'UselessMutant';
  readonly code = 'WARDEN_USELESS_MUTANT';
}

const block = /^--- (.+)\n<<<<\n([\s\S]*?)\n====\n([\s\S]*?)\n?>>>>$/gm;

/**
 * Reads a patch: a sentence, then for each edit `--- file`, `<<<<`, what is there, `====`, what comes instead, `>>>>`,
 * each on lines of their own.
 * @throws UselessMutantError
 */
export function parseMutant(name: string, text: string): Mutant {
  const breaks = text.slice(0, text.indexOf('\n--- ')).trim();
  const edits = [...text.matchAll(block)].map(([, file = '', search = '', replace = '']) => ({
    file,
    search,
    replace,
  }));
  const markers = text.match(/^(<<<<|====|>>>>)$/gm) ?? [];
  if (breaks === '' || edits.length === 0 || markers.length !== 3 * edits.length) {
    throw new UselessMutantError(
      `mutant ${name} is no patch: a sentence and blocks of "--- file", "<<<<", "====", ">>>>" are expected`,
    );
  }
  return { name, breaks, edits };
}

/**
 * The changed files, by path. Each search text must be in its file exactly once.
 * @throws UselessMutantError
 */
export function applyMutant(mutant: Mutant, readFile: (file: string) => string): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { file, search, replace } of mutant.edits) {
    const text = changed.get(file) ?? readFile(file);
    const times = text.split(search).length - 1;
    if (times !== 1) {
      throw new UselessMutantError(
        `mutant ${mutant.name}: its search text is ${times} times in ${file}, once is needed. Write the patch anew for the code as it is now:\n${search}`,
      );
    }
    changed.set(
      file,
      text.replace(search, () => replace),
    );
  }
  return changed;
}
