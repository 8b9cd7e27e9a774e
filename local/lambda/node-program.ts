import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const MAJOR = 24;

/** The Node that runs the functions: this process's own when it is new enough, else the one among the packages. */
export function nodeProgram(): string {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;
  return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
}
