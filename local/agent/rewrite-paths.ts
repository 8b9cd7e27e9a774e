/** A path of the container and where it lies on this machine. */
export interface PathRule {
  readonly from: string;
  readonly to: string;
}

/** A text whose known paths lie on this machine; `foreign` are the absolute paths that no rule knows. */
export interface Rewritten {
  readonly text: string;
  readonly foreign: readonly string[];
}

/**
 * An absolute path begins after a blank, a quote or an operator of the shell, so that neither the rest of a URL
 * nor base64 nor `$FOLDER/name` counts. The root itself may stand for a division.
 */
const ABSOLUTE_PATH = /(?<=^|[\s"'`=:;,(){}[\]|&<>!]|file:\/\/)\/(?:[\w.@%+~-][\w.@%+~/-]*|\*)/g;

/** What containers and this machine have in common. */
const COMMON = [
  '/bin/sh',
  '/bin/bash',
  '/usr/bin/env',
  '/dev/null',
  '/dev/zero',
  '/dev/random',
  '/dev/urandom',
  '/dev/stdin',
  '/dev/stdout',
  '/dev/stderr',
];
const COMMON_FOLDERS = ['/dev/tcp', '/dev/udp', '/dev/fd', '/proc'];

/** Replaces exactly the prefixes that the rules name, the longest first, and nothing else. */
export function rewritePaths(text: string, rules: readonly PathRule[]): Rewritten {
  const longestFirst = rules.toSorted((a, b) => b.from.length - a.from.length);
  const foreign: string[] = [];
  const rewritten = text.replace(ABSOLUTE_PATH, (path: string) => {
    const rule = longestFirst.find(({ from }) => isWithin(path, from));
    if (rule !== undefined) return `${rule.to}${path.slice(rule.from.length)}`;
    if (!isCommon(path)) foreign.push(path);
    return path;
  });
  return { text: rewritten, foreign };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function isCommon(path: string): boolean {
  return COMMON.includes(path) || COMMON_FOLDERS.some((folder) => isWithin(path, folder));
}
