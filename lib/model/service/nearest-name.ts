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

/** Levenshtein's distance, one row at a time: each row holds the edits from a prefix of `from` to all prefixes of `to`. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
