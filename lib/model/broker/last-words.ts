const mostLines = 10;
const mostCharacters = 1_500;
const mostOfALine = 300;

/**
 * What of a log's newest lines is kept for people, newest last: at most ten lines and 1,500 characters in all, each line
 * cut at 300. Empty lines and the frames of stack traces are left out: they would push the error itself out of sight.
 */
export function lastWordsIn(log: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let left = mostCharacters;
  for (const line of log.filter(tellsSomething).map(cut).toReversed()) {
    if (kept.length === mostLines || line.length > left) break;
    kept.unshift(line);
    left -= line.length;
  }
  return kept;
}

function tellsSomething(line: string): boolean {
  return line.trim() !== '' && !/^\s+(at |\.{3} \d+ (more|common frames omitted))/.test(line);
}

function cut(line: string): string {
  const text = line.trimEnd();
  return text.length > mostOfALine ? `${text.slice(0, mostOfALine - 1)}…` : text;
}
