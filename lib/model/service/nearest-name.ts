/** No name of an option or property is as long. */
const longestName = 120;

/** The known name that a misspelt one most likely means; undefined when none is near. */
export function nearestName(given: string, known: Iterable<string>): string | undefined {
  if (given.length > longestName) return undefined;
  const limit = Math.max(1, Math.floor(given.length / 3));
  let nearest: { readonly name: string; readonly edits: number } | undefined;
  for (const name of known) {
    // The difference of the lengths is the least that has to be edited.
    if (Math.abs(name.length - given.length) > limit) continue;
    const edits = editsBetween(given, name);
    if (edits <= limit && (nearest === undefined || edits < nearest.edits)) nearest = { name, edits };
  }
  return nearest?.name;
}

/**
 * Levenshtein's distance in which two letters that changed places are one edit. One row at a time: each row holds the
 * edits from a prefix of `from` to all prefixes of `to`.
 */
function editsBetween(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let line = 0; line < from.length; line++) {
    const next = [line + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (row[column] ?? 0) + (from[line] === to[column] ? 0 : 1);
      const isSwap = line > 0 && column > 0 && from[line] === to[column - 1] && from[line - 1] === to[column];
      const swapped = isSwap ? (before[column - 1] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
